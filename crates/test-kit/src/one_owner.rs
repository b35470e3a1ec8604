//! Whether a statement keeps to the rows of one owner (an authorization server, a tenant), so that tables can be spread over
//! machines by owner and each statement still runs on one of them.
//!
//! 1. Every table that a statement names must be bound: `WHERE owner = $n`, or in a join an equality with the owner of a
//!    table that is bound. Sub-selects are held to the same.
//! 2. A new row bears `$n` as its owner, and meets others (`ON CONFLICT`) by a key that has the owner in it.
//! 3. It is one and the same `$n` throughout; nothing gives a row to another owner.
//!
//! What is not understood is objected to.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use sqlparser::ast::{
    AssignmentTarget, BinaryOperator, ConflictTarget, Expr, FromTable, Insert, Join, JoinConstraint, JoinOperator,
    ObjectName, OnConflictAction, OnInsert, Query, Select, SelectItem, SetExpr, Statement, TableFactor, TableObject,
    TableWithJoins, Value, Visit, Visitor,
};
use sqlparser::dialect::PostgreSqlDialect;
use sqlparser::parser::Parser;

/// The column that tells the owner, and the tables that have none.
pub struct OneOwner<'r> {
    pub column: &'r str,
    pub tables_without: &'r [&'r str],
}

impl OneOwner<'_> {
    /// What keeps the statement from running where one owner's rows are; `None` where nothing does.
    pub fn objection(&self, sql: &str) -> Option<String> {
        let statements = match Parser::parse_sql(&PostgreSqlDialect {}, sql) {
            Ok(statements) => statements,
            Err(error) => return Some(error.to_string()),
        };
        let mut check = Check { rule: self, parameter: None, named: 0, understood: 0 };
        if let ControlFlow::Break(objection) = statements.visit(&mut check) {
            return Some(objection);
        }
        (check.named != check.understood).then(|| "it names a table in a way that is not understood".to_owned())
    }
}

struct Check<'r> {
    rule: &'r OneOwner<'r>,
    /// The owner's, once seen.
    parameter: Option<String>,
    named: usize,
    understood: usize,
}

impl Visitor for Check<'_> {
    type Break = String;

    fn pre_visit_relation(&mut self, _: &ObjectName) -> ControlFlow<String> {
        self.named += 1;
        ControlFlow::Continue(())
    }

    fn pre_visit_select(&mut self, select: &Select) -> ControlFlow<String> {
        stop_at(self.scope(&select.from, select.selection.as_ref()))
    }

    fn pre_visit_statement(&mut self, statement: &Statement) -> ControlFlow<String> {
        stop_at(match statement {
            Statement::Query(_) => Ok(()),
            Statement::Insert(insert) => self.insert(insert),
            Statement::Update(update) if update.from.is_none() => self
                .keeps_owner(update.assignments.iter().map(|assignment| &assignment.target))
                .and_then(|()| self.scope(std::slice::from_ref(&update.table), update.selection.as_ref())),
            Statement::Delete(delete) if delete.using.is_none() => match &delete.from {
                FromTable::WithFromKeyword(tables) => self.scope(tables, delete.selection.as_ref()),
                FromTable::WithoutKeyword(_) => Err("a DELETE without FROM".to_owned()),
            },
            _ => Err("it is none of SELECT, INSERT, UPDATE and DELETE, of one table where it writes".to_owned()),
        })
    }
}

fn stop_at(checked: Result<(), String>) -> ControlFlow<String> {
    checked.map_or_else(ControlFlow::Break, ControlFlow::Continue)
}

impl Check<'_> {
    fn scope(&mut self, tables: &[TableWithJoins], condition: Option<&Expr>) -> Result<(), String> {
        let mut names = Vec::new();
        let mut equalities = Vec::new();
        collect_equalities(condition, &mut equalities);
        for table in tables {
            names.push(name_of(&table.relation)?);
            for join in &table.joins {
                names.push(name_of(&join.relation)?);
                collect_equalities(on(join)?, &mut equalities);
            }
        }
        self.understood += names.len();
        let bound = self.bound(&names, &equalities)?;
        match names.iter().find(|name| !self.is_without(&name.table) && !bound.contains(&name.alias)) {
            Some(free) => Err(format!("{} is not bound by {} = $n", free.table, self.rule.column)),
            None => Ok(()),
        }
    }

    /// The aliases of the tables whose owner is the parameter.
    fn bound(&mut self, names: &[Name], equalities: &[(&Expr, &Expr)]) -> Result<BTreeSet<String>, String> {
        let mut bound = BTreeSet::new();
        for (left, right) in equalities.iter().flat_map(|(left, right)| [(left, right), (right, left)]) {
            if let (Some(alias), Some(parameter)) = (self.owner_of(left, names), parameter(right)) {
                self.same(parameter)?;
                bound.insert(alias);
            }
        }
        // Each round may bind one table more.
        for _ in names {
            for (left, right) in equalities.iter().flat_map(|(left, right)| [(left, right), (right, left)]) {
                if let (Some(known), Some(other)) = (self.owner_of(left, names), self.owner_of(right, names))
                    && bound.contains(&known)
                {
                    bound.insert(other);
                }
            }
        }
        Ok(bound)
    }

    fn insert(&mut self, insert: &Insert) -> Result<(), String> {
        let TableObject::TableName(name) = &insert.table else { return Err("an INSERT into no table".to_owned()) };
        self.understood += 1;
        if self.is_without(&last(name)) {
            return Ok(());
        }
        let place = insert.columns.iter().position(|column| last(column) == self.rule.column);
        let place = place.ok_or_else(|| format!("a new row without {}", self.rule.column))?;
        let source = insert.source.as_deref().map(|source: &Query| source.body.as_ref());
        let owners: Vec<Option<&Expr>> = match source {
            Some(SetExpr::Values(values)) => values.rows.iter().map(|row| row.content.get(place)).collect(),
            Some(SetExpr::Select(select)) => vec![select.projection.get(place).and_then(|item| match item {
                SelectItem::UnnamedExpr(expression) => Some(expression),
                _ => None,
            })],
            _ => return Err("an INSERT of what is neither VALUES nor SELECT".to_owned()),
        };
        for owner in owners {
            let owner = owner.and_then(parameter).ok_or("the owner of a new row is no parameter")?;
            self.same(owner)?;
        }
        self.conflict(insert.on.as_ref())
    }

    fn conflict(&self, on: Option<&OnInsert>) -> Result<(), String> {
        let Some(on) = on else { return Ok(()) };
        let OnInsert::OnConflict(conflict) = on else { return Err("another way to meet a row".to_owned()) };
        match &conflict.conflict_target {
            None => {}
            Some(ConflictTarget::Columns { columns, .. })
                if columns.iter().any(|column| column.value == self.rule.column) => {}
            Some(_) => return Err(format!("ON CONFLICT by a key without {}", self.rule.column)),
        }
        match &conflict.action {
            OnConflictAction::DoUpdate(update) => {
                self.keeps_owner(update.assignments.iter().map(|assignment| &assignment.target))
            }
            _ => Ok(()),
        }
    }

    fn keeps_owner<'a>(&self, mut targets: impl Iterator<Item = &'a AssignmentTarget>) -> Result<(), String> {
        let moves = targets.any(|target| match target {
            AssignmentTarget::ColumnName(name) => last(name) == self.rule.column,
            AssignmentTarget::Tuple(names) => names.iter().any(|name| last(name) == self.rule.column),
        });
        if moves { Err("it gives the row to another owner".to_owned()) } else { Ok(()) }
    }

    fn same(&mut self, parameter: &str) -> Result<(), String> {
        match self.parameter.replace(parameter.to_owned()) {
            Some(before) if before != parameter => Err(format!("owners {before} and {parameter} in one statement")),
            _ => Ok(()),
        }
    }

    fn is_without(&self, table: &str) -> bool {
        self.rule.tables_without.contains(&table)
    }

    /// The alias of the table whose owner column this is.
    fn owner_of(&self, expression: &Expr, names: &[Name]) -> Option<String> {
        match expression {
            Expr::Identifier(column) if column.value == self.rule.column => match names {
                [only] => Some(only.alias.clone()),
                _ => None,
            },
            Expr::CompoundIdentifier(parts) => match parts.as_slice() {
                [alias, column] if column.value == self.rule.column => Some(alias.value.clone()),
                _ => None,
            },
            _ => None,
        }
    }
}

struct Name {
    table: String,
    alias: String,
}

fn name_of(factor: &TableFactor) -> Result<Name, String> {
    match factor {
        TableFactor::Table { name, alias, args: None, .. } => {
            let table = last(name);
            let alias = alias.as_ref().map_or_else(|| table.clone(), |alias| alias.name.value.clone());
            Ok(Name { table, alias })
        }
        other => Err(format!("{other} is no table")),
    }
}

fn last(name: &ObjectName) -> String {
    name.0.last().and_then(|part| part.as_ident()).map(|ident| ident.value.clone()).unwrap_or_default()
}

fn on(join: &Join) -> Result<Option<&Expr>, String> {
    match &join.join_operator {
        JoinOperator::Join(JoinConstraint::On(condition)) | JoinOperator::Inner(JoinConstraint::On(condition)) => {
            Ok(Some(condition))
        }
        _ => Err("no inner join with ON".to_owned()),
    }
}

/// What must hold of every row: equalities between ANDs.
fn collect_equalities<'e>(condition: Option<&'e Expr>, found: &mut Vec<(&'e Expr, &'e Expr)>) {
    match condition {
        Some(Expr::BinaryOp { left, op: BinaryOperator::And, right }) => {
            collect_equalities(Some(left), found);
            collect_equalities(Some(right), found);
        }
        Some(Expr::BinaryOp { left, op: BinaryOperator::Eq, right }) => found.push((left, right)),
        Some(Expr::Nested(inner)) => collect_equalities(Some(inner), found),
        _ => {}
    }
}

fn parameter(expression: &Expr) -> Option<&str> {
    match expression {
        Expr::Value(value) => match &value.value {
            Value::Placeholder(name) => Some(name),
            _ => None,
        },
        _ => None,
    }
}
