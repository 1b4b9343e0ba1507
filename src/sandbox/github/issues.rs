//! Issues and reactions over REST; `comments` continues.
//!
//! In: a call and its caller. Out: GitHub's answer, and in the state the deliveries that the change makes.

use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    State,
    answer::{Answer, Outcome},
    auth::Caller,
    call::{Call, Page, readable, ticket},
    json::{REACTIONS, Show, node_id},
};
use crate::sandbox::time;

#[derive(Deserialize)]
struct ReactionBody {
    content: String,
}

/// Issues and comments: a state, the interface's address, the call and who makes it.
pub struct Issues<'a> {
    pub state: &'a mut State,
    pub base: &'a str,
    pub call: &'a Call,
    pub caller: &'a Caller,
}

impl Issues<'_> {
    /// Shows the world as it is now.
    pub fn show(&self) -> Show<'_> {
        Show { world: &self.state.world, base: self.base }
    }

    /// `GET …/issues/{number}`
    pub fn issue(&self) -> Outcome {
        let project = readable(self.state, self.call, self.caller)?;
        let ticket = ticket(&self.state.world, self.base, &self.call.key()?)?;
        Ok(Answer::ok(self.show().issue(project, ticket)))
    }

    /// `GET …/issues/{number}/parent`
    pub fn parent(&self) -> Outcome {
        readable(self.state, self.call, self.caller)?;
        let child = ticket(&self.state.world, self.base, &self.call.key()?)?;
        let parent = child.parent.as_ref().ok_or_else(Answer::not_found)?;
        let parent = ticket(&self.state.world, self.base, parent)?;
        let home = self.state.world.project(&parent.key.project).ok_or_else(Answer::not_found)?;
        Ok(Answer::ok(self.show().issue(home, parent)))
    }

    /// `GET …/issues/{number}/sub_issues`
    pub fn sub_issues(&self) -> Outcome {
        readable(self.state, self.call, self.caller)?;
        let world = &self.state.world;
        let parent = ticket(world, self.base, &self.call.key()?)?;
        let children: Vec<Value> = world
            .children(&parent.key)
            .filter_map(|child| Some(self.show().issue(world.project(&child.key.project)?, child)))
            .collect();
        let (page, total) = (Page::of(self.call), children.len());
        Ok(page.link(Answer::ok(page.cut(children).into()), self.call, self.base, total))
    }

    /// `POST …/issues/{number}/reactions`
    pub fn react_to_issue(&mut self) -> Outcome {
        readable(self.state, self.call, self.caller)?;
        let key = self.call.key()?;
        ticket(&self.state.world, self.base, &key)?;
        let content = self.reaction()?;
        let reacted = self.state.world.react_to_ticket(&key, self.caller.login(), &content);
        self.reacted(&content, reacted)
    }

    /// `POST …/issues/comments/{id}/reactions`
    pub fn react_to_comment(&mut self) -> Outcome {
        let (key, comment) = self.named_comment()?;
        let content = self.reaction()?;
        let reacted = self.state.world.react_to_comment(&key.project, comment.id, self.caller.login(), &content);
        self.reacted(&content, reacted)
    }

    fn reaction(&self) -> Result<String, Answer> {
        let ReactionBody { content } = self.call.json()?;
        if REACTIONS.contains(&content.as_str()) {
            return Ok(content);
        }
        Err(Answer::invalid("Reaction", "content", "invalid", "content is not a reaction"))
    }

    /// 201 where the reaction is new, 200 where it was there.
    fn reacted(&self, content: &str, reacted: Option<(u64, bool)>) -> Outcome {
        let (id, new) = reacted.ok_or_else(Answer::not_found)?;
        let reaction = json!({
            "id": id,
            "node_id": node_id("Reaction", id),
            "user": self.show().user(self.caller.login()),
            "content": content,
            "created_at": time::iso(self.state.world.now())
        });
        Ok(Answer::json(if new { 201 } else { 200 }, reaction))
    }
}
