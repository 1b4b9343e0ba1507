//! Projects with their teams, areas and repositories over REST.

use serde_json::{Value, json};

use super::{
    call::{Desk, is_project},
    errors,
    json::{area_id, project_id},
    list,
};
use crate::sandbox::{
    answer::{Answer, Outcome},
    deliver::guid,
    world::{Project, Role},
};

impl Desk<'_> {
    /// `GET _apis/projects`
    pub fn projects(&self) -> Outcome {
        let seen = self.state.world.projects().filter(|p| is_project(&p.name) && self.role(p) >= Role::Read);
        Ok(Answer::ok(list(seen.map(|project| self.show().project(project)))))
    }

    /// `GET _apis/projects/{project}`
    pub fn get_project(&self) -> Outcome {
        let project = self.project()?;
        let mut shown = self.show().project(project);
        shown["defaultTeam"] = self.team(project);
        Ok(Answer::ok(shown))
    }

    /// `GET _apis/projects/{project}/teams`: every project has one team.
    pub fn teams(&self) -> Outcome {
        let project = self.project()?;
        Ok(Answer::ok(list(std::iter::once(self.team(project)))))
    }

    /// `GET _apis/projects/{project}/teams/{team}/members`: those who may write.
    pub fn team_members(&self) -> Outcome {
        let project = self.project()?;
        let team = self.team(project);
        let asked = self.call.param("team");
        if team["id"] != asked && team["name"] != asked {
            return Err(errors::error(404, "TeamNotFoundException", &format!("The team {asked} does not exist.")));
        }
        let members = project.roles.iter().filter(|(_, role)| **role >= Role::Write);
        Ok(Answer::ok(list(members.map(
            |(login, role)| json!({ "isTeamAdmin": *role == Role::Admin, "identity": self.show().identity(login) }),
        ))))
    }

    fn team(&self, project: &Project) -> Value {
        let id = guid(&format!("team {}", project.id));
        json!({
            "id": id,
            "name": format!("{} Team", project.name),
            "url": self.show().api(&format!("projects/{}/teams/{id}", project_id(project)))
        })
    }

    /// `GET …/wit/classificationnodes/areas`: one area in a project.
    pub fn areas(&self) -> Outcome {
        let project = self.project()?;
        Ok(Answer::ok(json!({
            "id": project.id,
            "identifier": area_id(project),
            "name": project.name,
            "structureType": "area",
            "hasChildren": false,
            "path": format!("\\{}\\Area", project.name),
            "url": self.show().project_api(project, "wit/classificationNodes/Areas")
        })))
    }

    /// `GET …/wit/workitemtypes/{type}/states`: the same for all types here.
    pub fn work_item_states(&self) -> Outcome {
        self.project()?;
        let states =
            [("New", "b2b2b2", "Proposed"), ("Active", "007acc", "InProgress"), ("Closed", "339933", "Completed")];
        let shown = states.map(|(name, color, category)| json!({ "name": name, "color": color, "category": category }));
        Ok(Answer::ok(list(shown.into_iter())))
    }

    /// `GET …/git/repositories`: a project with code has one repository, of its own name.
    pub fn repositories(&self) -> Outcome {
        let project = self.project()?;
        Ok(Answer::ok(list(project.code.iter().map(|_| self.repository_json(project)))))
    }

    /// `GET …/git/repositories/{repository}`
    pub fn repository(&self) -> Outcome {
        let project = self.project()?;
        let shown = self.repository_json(project);
        let asked = self.call.param("repository");
        if project.code.is_some() && (shown["id"] == asked || shown["name"] == asked) {
            return Ok(Answer::ok(shown));
        }
        let message = format!(
            "TF401019: The Git repository with name or identifier {asked} does not exist or you do \
            not have permissions for the operation you are attempting."
        );
        Err(errors::error(404, "GitRepositoryNotFoundException", &message))
    }

    fn repository_json(&self, project: &Project) -> Value {
        let id = guid(&format!("repository {}", project.id));
        let web = format!("{}/{}/_git/{}", self.base, project.name, project.name);
        json!({
            "id": id,
            "name": project.name,
            "url": self.show().project_api(project, &format!("git/repositories/{id}")),
            "project": self.show().project(project),
            "defaultBranch": format!("refs/heads/{}", project.default_branch),
            "size": 0,
            "remoteUrl": web,
            "webUrl": web,
            "isDisabled": false
        })
    }
}
