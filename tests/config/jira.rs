//! `[connections.jira]`: what does not fit together is named.

use super::Case;

/// The problems of a Jira connection with this secret and base, and with these lines of its own table.
fn problems(secret: &str, base: &str, own: &str) -> Vec<String> {
    let text = format!(
        "[[connections]]\nname = \"acme\"\ntracker = \"jira\"\nbase_url = \"{base}\"\nwebhook_secrets = [\"{secret}\"]\n\
         auth = {{ email = \"bot@acme.example\", token = \"token-1\" }}\n[connections.jira]\n{own}\n"
    );
    let named = Case::new().file(&text).problems();
    named.into_iter().map(|problem| problem.replace(" (in 0.toml)", "").replace("connections[0].", "")).collect()
}

#[test]
fn a_jira_connection_fits_together() {
    let long = "a-secret-of-many-many-characters";
    let site = "https://acme.atlassian.net";
    let check = |secret: &str, base: &str, own: &str, expected: &[&str]| {
        assert_eq!(problems(secret, base, own), expected, "{own}");
    };
    check("secret", site, "", &[]);
    check("secret", site, "proof = \"oauth\"\nissuer = \"app\"", &[]);
    check("secret", site, "types = { \"10001\" = \"Story\", Historia = \"Story\" }\nroles = [\"Developers\"]", &[]);
    check(long, site, "proof = \"address\"\nnetworks = [\"10.1.0.0/16\", \"2001:db8::/32\"]", &[]);
    check("secret", "https://api.atlassian.com/ex/jira/1", "", &["web_url: is missing: where is the site?"]);
    let client_key = "jira.issuer: is missing: the client key of the Connect app's installation";
    check("secret", site, "proof = \"connect\"", &[client_key]);
    let claims = "jira.issuer: issuer and audience are for proof = \"oauth\" and \"connect\" only";
    check("secret", site, "audience = \"app\"", &[claims]);
    check("secret", site, "networks = [\"10.1.0.0/16\"]", &["jira.networks: is for proof = \"address\" only"]);
    check("secret", site, "roles = [\" \"]", &["jira.roles[0]: is blank"]);
    let weak = [
        "jira.networks: is empty: from where may deliveries come?",
        "webhook_secrets[0]: must have at least 24 characters: with proof = \"address\" it stands alone",
    ];
    check("secret", site, "proof = \"address\"", &weak);
    let network = "jira.networks[0]: must be a network like 10.1.0.0/16";
    check(long, site, "proof = \"address\"\nnetworks = [\"10.1.0.1/16\"]", &[network]);
}

#[test]
fn the_table_is_for_jira_alone() {
    let text = format!("{}[connections.jira]\nroles = [\"Developers\"]\n", super::CONNECTION);
    assert_eq!(Case::new().file(&text).problems(), ["connections[0].jira: is for tracker = \"jira\" only (in 0.toml)"]);
}
