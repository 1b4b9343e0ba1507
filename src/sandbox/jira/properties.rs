//! Comment properties over REST: values that programs keep beside a comment.

use serde_json::{Value, json};

use super::{call::Desk, errors};
use crate::sandbox::{
    answer::{Answer, Outcome},
    world::Role,
};

/// Jira keeps values up to this many bytes.
const LIMIT: usize = 32_768;

impl Desk<'_> {
    /// `GET /comment/{comment}/properties`
    pub fn list_properties(&self) -> Outcome {
        let id = self.comment()?;
        let keys = self.state.own.properties.get(&id).into_iter().flat_map(|all| all.keys());
        let keys = keys.map(|key| json!({ "self": self.property_url(id, key), "key": key }));
        Ok(Answer::ok(json!({ "keys": keys.collect::<Vec<_>>() })))
    }

    /// `GET /comment/{comment}/properties/{property}`
    pub fn get_property(&self) -> Outcome {
        let (id, key) = (self.comment()?, self.call.param("property"));
        let value = self.state.own.properties.get(&id).and_then(|all| all.get(key));
        let value = value.ok_or_else(|| no_property(key))?;
        Ok(Answer::ok(json!({ "key": key, "value": value })))
    }

    /// `PUT /comment/{comment}/properties/{property}`: 201 when it is new.
    pub fn set_property(&mut self) -> Outcome {
        let (id, key) = (self.comment()?, self.call.param("property").to_owned());
        if self.call.body.len() > LIMIT {
            return Err(errors::error(400, "The value of the property is too long."));
        }
        let value: Value = self.call.body_json()?;
        let old = self.own().properties.entry(id).or_default().insert(key, value);
        Ok(Answer::json(if old.is_none() { 201 } else { 200 }, Value::Null))
    }

    /// `DELETE /comment/{comment}/properties/{property}`
    pub fn delete_property(&mut self) -> Outcome {
        let (id, key) = (self.comment()?, self.call.param("property").to_owned());
        let removed = self.own().properties.get_mut(&id).and_then(|all| all.remove(&key));
        removed.map(|_| Answer::no_content()).ok_or_else(|| no_property(&key))
    }

    /// The comment that the path names, where the caller may see it.
    fn comment(&self) -> Result<u64, Answer> {
        let name = self.call.param("comment");
        let found = self.state.world.tickets().find_map(|ticket| {
            let comment = ticket.comments.iter().find(|comment| comment.id.to_string() == name)?;
            let project = self.state.world.project(&ticket.key.project)?;
            (self.role(project) >= Role::Read && !self.state.faults.hides(comment.id)).then_some(comment.id)
        });
        found.ok_or_else(|| errors::no_comment(name))
    }

    fn property_url(&self, id: u64, key: &str) -> String {
        self.show().rest(&format!("comment/{id}/properties/{key}"))
    }
}

fn no_property(key: &str) -> Answer {
    errors::error(404, &format!("The property with key '{key}' does not exist."))
}
