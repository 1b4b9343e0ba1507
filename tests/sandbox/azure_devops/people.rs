//! Identities, groups and access over REST.

use serde_json::{Value, json};

use crate::sandbox::trackers::{STORE, Trackers};

const AREAS: &str = "83e28ad4-2d72-4ceb-97b0-c7726d5502c3";

#[tokio::test]
async fn an_identity_is_found_by_id_by_descriptor_and_by_address() {
    let trackers = Trackers::start().await;
    let azure = &trackers.sandbox.azure;
    let id = azure.person_id("ben");
    let read = async |query: String| {
        trackers.azure_get(azure, "ana", &format!("_apis/Identities?{query}&api-version=7.1")).await.body
    };
    let by_id = read(format!("identityIds={id}")).await;
    assert_eq!((&by_id["count"], &by_id["value"][0]["providerDisplayName"]), (&json!(1), &json!("Ben Okafor")));
    let subject = by_id["value"][0]["subjectDescriptor"].as_str().unwrap();
    for query in
        [format!("subjectDescriptors={subject}"), "searchFilter=General&filterValue=ben@acme.example".to_owned()]
    {
        assert_eq!(read(query).await["value"][0]["id"], id);
    }
    assert_eq!(read("searchFilter=General&filterValue=nobody@acme.example".to_owned()).await["count"], 0);
    let groups = read(format!("identityIds={id}&queryMembership=Expanded")).await["value"][0]["memberOf"].clone();
    assert!(!groups.as_array().unwrap().is_empty());
    let descriptor =
        trackers.azure_get(azure, "ana", &format!("_apis/graph/descriptors/{id}?api-version=7.1-preview.1")).await;
    assert_eq!(descriptor.body["value"], subject);
}

#[tokio::test]
async fn groups_follow_from_roles() {
    let trackers = Trackers::start().await;
    let azure = &trackers.sandbox.azure;
    let groups = trackers.azure_get(azure, "ana", "_apis/graph/groups?api-version=7.1-preview.1").await.body;
    let descriptor = |name: &str| {
        let principal = format!("[{STORE}]\\{name}");
        let all = groups["value"].as_array().unwrap();
        all.iter().find(|group| group["principalName"] == principal).unwrap()["descriptor"].as_str().unwrap().to_owned()
    };
    let subject = async |login: &str| {
        let path = format!("_apis/graph/descriptors/{}?api-version=7.1-preview.1", azure.person_id(login));
        trackers.azure_get(azure, "ana", &path).await.body["value"].as_str().unwrap().to_owned()
    };
    for (login, group, status) in [
        ("ana", "Project Administrators", 200),
        ("ben", "Contributors", 200),
        ("ben", "Project Administrators", 404),
        ("tri", "Readers", 200),
        ("tri", "Contributors", 404),
        ("sam", "Readers", 404),
    ] {
        let path =
            format!("_apis/Graph/Memberships/{}/{}?api-version=7.1-preview.1", subject(login).await, descriptor(group));
        assert_eq!(trackers.azure_get(azure, "ana", &path).await.status, status, "{login} {group}");
    }
    let path = format!("_apis/graph/memberships/{}?api-version=7.1-preview.1", subject("ben").await);
    let up = trackers.azure_get(azure, "ana", &path).await.body;
    let containers: Vec<&Value> =
        up["value"].as_array().unwrap().iter().map(|one| &one["containerDescriptor"]).collect();
    assert!(containers.contains(&&json!(descriptor("Contributors"))));
}

#[tokio::test]
async fn the_rights_on_an_area_stand_in_its_access_list() {
    let trackers = Trackers::start().await;
    let azure = &trackers.sandbox.azure;
    let area =
        trackers.azure_get(azure, "ana", &format!("{STORE}/_apis/wit/classificationNodes/Areas?api-version=7.1")).await;
    let token = format!("vstfs:///Classification/Node/{}", area.body["identifier"].as_str().unwrap());
    for (login, bits) in [("ana", 51), ("ben", 49), ("tri", 17), ("sam", 0)] {
        let identity = format!("_apis/identities?identityIds={}", azure.person_id(login));
        let identity = trackers.azure_get(azure, "ana", &identity).await.body;
        let descriptor = identity["value"][0]["descriptor"].as_str().unwrap();
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.append_pair("token", &token).append_pair("descriptors", descriptor);
        let path = format!("_apis/AccessControlLists/{AREAS}?{}&includeExtendedInfo=true", query.finish());
        let list = trackers.azure_get(azure, "ana", &path).await.body;
        let entry = &list["value"][0]["acesDictionary"][descriptor];
        assert_eq!(entry["extendedInfo"]["effectiveAllow"], bits, "{login}");
        let own = trackers.azure_get(azure, login, &format!("_apis/permissions/{AREAS}/48?tokens={token}")).await.body;
        assert_eq!(own["value"], json!([bits & 48 == 48]), "{login}");
    }
    let none = trackers.azure_get(azure, "ana", &format!("_apis/accesscontrollists/{AREAS}?token=none")).await.body;
    assert_eq!(none["count"], 0);
}

#[tokio::test]
async fn a_project_has_a_team_and_a_repository() {
    let trackers = Trackers::start().await;
    let azure = &trackers.sandbox.azure;
    let project = trackers.azure_get(azure, "ben", &format!("_apis/projects/{STORE}?api-version=7.1")).await.body;
    assert_eq!((&project["name"], &project["state"]), (&json!(STORE), &json!("wellFormed")));
    let team = project["defaultTeam"]["id"].as_str().unwrap();
    let members = trackers.azure_get(azure, "ben", &format!("_apis/projects/{STORE}/teams/{team}/members")).await.body;
    let names: Vec<&Value> =
        members["value"].as_array().unwrap().iter().map(|one| &one["identity"]["displayName"]).collect();
    assert_eq!(names, ["Ana Duarte", "Ben Okafor"]);
    let path = format!("{STORE}/_apis/git/repositories?api-version=7.1");
    assert_eq!(trackers.azure_get(azure, "ben", &path).await.body["count"], 0);
    azure.world(|world| world.project_mut(STORE).unwrap().code = Some("/nowhere".into()));
    let repository = trackers.azure_get(azure, "ben", &path).await.body["value"][0].clone();
    assert_eq!((&repository["name"], &repository["defaultBranch"]), (&json!(STORE), &json!("refs/heads/main")));
    assert!(repository["remoteUrl"].as_str().unwrap().ends_with("/_git/Store"));
}
