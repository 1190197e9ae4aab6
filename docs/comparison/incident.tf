# The incident of tests/stacks/incident in Terraform, for tools that read no Pulumi programs: the
# same four defects, MySQL beside PostgreSQL so that both kinds of backtrack are there.

provider "aws" {
  region = "us-east-1"
}

resource "aws_vpc" "primary" {
  cidr_block           = "10.0.0.0/16"
  enable_dns_hostnames = true
}

resource "aws_subnet" "private" {
  for_each          = { a = "10.0.1.0/24", b = "10.0.2.0/24", c = "10.0.3.0/24" }
  vpc_id            = aws_vpc.primary.id
  cidr_block        = each.value
  availability_zone = "us-east-1${each.key}"
}

resource "aws_security_group" "alb" {
  description = "HTTP from anywhere"
  vpc_id      = aws_vpc.primary.id
  ingress {
    description = "HTTP"
    protocol    = "tcp"
    from_port   = 80
    to_port     = 80
    cidr_blocks = ["0.0.0.0/0"]
  }
}

# Defect: internet-facing, in subnets whose VPC has no internet gateway.
resource "aws_lb" "primary" {
  load_balancer_type = "application"
  subnets            = [for subnet in aws_subnet.private : subnet.id]
  security_groups    = [aws_security_group.alb.id]
}

# Defect: a version that cannot be created in a global database.
resource "aws_rds_global_cluster" "postgresql" {
  global_cluster_identifier = "global-cluster"
  engine                    = "aurora-postgresql"
  engine_version            = "15.4"
  database_name             = "appdb"
  storage_encrypted         = true
}

# Defect: backtrack in a global database.
resource "aws_rds_cluster" "postgresql" {
  cluster_identifier        = "primary-cluster"
  global_cluster_identifier = aws_rds_global_cluster.postgresql.id
  engine                    = "aurora-postgresql"
  engine_version            = "15.4"
  master_username           = "dbadmin"
  master_password           = var.password
  storage_encrypted         = true
  backtrack_window          = 259200
}

resource "aws_rds_global_cluster" "mysql" {
  global_cluster_identifier = "global-mysql"
  engine                    = "aurora-mysql"
  engine_version            = "8.0.mysql_aurora.3.10.1"
  storage_encrypted         = true
}

# Defect: backtrack in a global database.
resource "aws_rds_cluster" "mysql" {
  cluster_identifier        = "primary-mysql"
  global_cluster_identifier = aws_rds_global_cluster.mysql.id
  engine                    = "aurora-mysql"
  engine_version            = "8.0.mysql_aurora.3.10.1"
  master_username           = "dbadmin"
  master_password           = var.password
  storage_encrypted         = true
  backtrack_window          = 259200
}

# No defect: what AWS accepts in a global database.
resource "aws_rds_cluster" "mysql_without_backtrack" {
  cluster_identifier        = "primary-mysql-accepted"
  global_cluster_identifier = aws_rds_global_cluster.mysql.id
  engine                    = "aurora-mysql"
  engine_version            = "8.0.mysql_aurora.3.10.1"
  master_username           = "dbadmin"
  master_password           = var.password
  storage_encrypted         = true
}

# Defect: a name that Route 53 reserves.
resource "aws_route53_zone" "failover" {
  name = "dr-failover-dev.example.com"
}

# No defect: a private tier that leaves through NAT and reaches the other region.
resource "aws_route_table" "app" {
  vpc_id = aws_vpc.primary.id
  route {
    cidr_block     = "0.0.0.0/0"
    nat_gateway_id = "nat-0123456789abcdef0"
  }
  route {
    cidr_block                = "10.1.0.0/16"
    vpc_peering_connection_id = "pcx-0123456789abcdef0"
  }
}

variable "password" {
  type      = string
  sensitive = true
}
