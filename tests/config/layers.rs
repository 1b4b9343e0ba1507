//! Which layer wins, and what the environment can say.

use super::{CONNECTION, Case};

#[test]
fn defaults_alone_are_a_configuration() {
    let config = Case::new().load().unwrap();
    assert_eq!(config.server.listen.to_string(), "127.0.0.1:8080");
    assert_eq!(config.triggers.label, "needs-plan");
    assert!(config.connections.is_empty());
}

#[test]
fn a_later_file_wins_key_by_key() {
    let case = Case::new()
        .file("[triggers]\nlabel = \"first\"\ncommand = \"/one\"\nstories = [\"A\", \"B\"]")
        .file("[triggers]\nlabel = \"second\"\nstories = [\"C\"]");
    let triggers = case.load().unwrap().triggers;
    assert_eq!((triggers.label.as_str(), triggers.command.as_str()), ("second", "/one"));
    assert_eq!(triggers.stories, ["C"]);
}

#[test]
fn the_environment_wins_over_files() {
    let case = Case::new()
        .file("[server]\nlisten = \"127.0.0.1:1\"\n[triggers.caps]\nper_ticket = 1")
        .env("PLANWRIGHT__SERVER__LISTEN", "127.0.0.1:2")
        .env("PLANWRIGHT__TRIGGERS__CAPS__PER_TICKET", "9")
        .env("PLANWRIGHT__TRIGGERS__LABEL_BY_BOTS", "true")
        .env("PLANWRIGHT__TRIGGERS__STORIES", "[\"Epic\", \"Feature\"]");
    let config = case.load().unwrap();
    assert_eq!(config.server.listen.port(), 2);
    assert_eq!(config.triggers.caps.per_ticket, 9);
    assert!(config.triggers.label_by_bots);
    assert_eq!(config.triggers.stories, ["Epic", "Feature"]);
}

#[test]
fn secrets_in_the_environment_are_taken_as_they_are() {
    for text in ["0123", "true", "1e3", "[1, 2]", "{ env = \"HOME\" }", " spaces "] {
        let config = Case::new().env("PLANWRIGHT__PAGES__PASSWORD", text).load().unwrap();
        assert_eq!(config.pages.password.unwrap().expose(), text);
    }
}

#[test]
fn a_folder_is_read_in_the_order_of_its_names() {
    let mut case = Case::new().file("[log]\nlevel = \"warn\"").file("[log]\nlevel = \"debug\"");
    std::fs::write(case.folder.path().join("notes.txt"), "not TOML").unwrap();
    case.files = vec![case.folder.path().to_owned()];
    assert_eq!(case.load().unwrap().log.level, "debug");
}

#[test]
fn addresses_of_an_enterprise_server_follow_its_api() {
    let enterprise = CONNECTION.replace("auth =", "base_url = \"https://git.corp.example/api/v3/\"\nauth =");
    let config = Case::new().file(&enterprise).load().unwrap();
    assert_eq!(config.connections[0].web_url(), "https://git.corp.example");
    let config = Case::new().file(CONNECTION).load().unwrap();
    assert_eq!(config.connections[0].clone_url(), "https://github.com");
}

#[test]
fn the_public_address_has_no_slash_at_the_end() {
    let case = Case::new().env("PLANWRIGHT__SERVER__PUBLIC_URL", "http://localhost:8080//");
    assert_eq!(case.load().unwrap().server.public_url, "http://localhost:8080");
}

#[test]
fn a_whole_list_can_stand_in_the_environment() {
    let list = r#"[{ name = "acme", tracker = "github", webhook_secrets = ["s"], auth = { token = "t" } }]"#;
    let config = Case::new().env("PLANWRIGHT__CONNECTIONS", list).load().unwrap();
    assert_eq!(config.connections[0].name, "acme");
}
