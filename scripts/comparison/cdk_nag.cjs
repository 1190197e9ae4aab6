// Ask every rule of cdk-nag about every resource of CloudFormation templates.
//
//   node cdk_nag.cjs DIRECTORY TEMPLATE...
//
// DIRECTORY has node_modules with cdk-nag and aws-cdk-lib. Prints
// {findings: [{file, rule, resource}], raised: [{file, rule, resource}], unread: [file]}.
// With --rules in place of templates: the names of the rules.
const { createRequire } = require("node:module");
const path = require("node:path");

const [directory, ...files] = process.argv.slice(2);
const from = createRequire(path.join(path.resolve(directory), "node_modules", "_"));
const { App, CfnResource, Stack } = from("aws-cdk-lib");
const { CfnInclude } = from("aws-cdk-lib/cloudformation-include");
const { rules } = from("cdk-nag");

const asked = Object.values(rules).flatMap((room) => Object.entries(room));
if (files[0] === "--rules") {
  console.log(JSON.stringify(asked.map(([rule]) => rule)));
  process.exit();
}
const told = { findings: [], raised: [], unread: [] };
for (const file of files) {
  const stack = new Stack(new App(), "Stack");
  try {
    new CfnInclude(stack, "Template", { templateFile: file });
  } catch {
    told.unread.push(file);
    continue;
  }
  for (const node of stack.node.findAll().filter(CfnResource.isCfnResource)) {
    for (const [rule, ask] of asked) {
      const about = { file, rule, resource: node.node.id };
      try {
        const answer = ask(node);
        const fails = Array.isArray(answer) ? answer.length > 0 : answer === "Non-Compliant";
        if (fails) told.findings.push(about);
      } catch {
        told.raised.push(about);
      }
    }
  }
}
console.log(JSON.stringify(told));
