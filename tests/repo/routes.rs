//! Routes as facts of a repository: below the prefixes that other files give, and as these change.

use super::world::{World, ticket};
use planwright::{
    model::context::{Context, FactKind},
    repo::ContextSource,
};

/// `PATH:LINE ROUTE` of all routes.
fn routes(context: &Context) -> Vec<String> {
    let routes = context.facts.iter().filter(|fact| fact.kind == FactKind::Route);
    routes.map(|fact| format!("{}:{} {}", fact.path, fact.line, fact.name)).collect()
}

#[tokio::test]
async fn a_route_follows_its_router_to_another_prefix() {
    let app = |prefix: &str| format!("const users = require('./users');\napp.use('{prefix}', users);\n");
    let users = "const router = Router();\nrouter.get('/:id', show);\nmodule.exports = router;\n";
    let world = World::with(&[("src/app.js", &app("/users")), ("src/users.js", users)]);
    let (repositories, users) = (world.repositories(), ticket("users", ""));
    let context = repositories.gather(&users, &world.source(), None).await.unwrap();
    assert_eq!(routes(&context), ["src/users.js:2 GET /users/:id"]);
    // The file of the route stays as it was.
    world.commit("Move", &[("src/app.js", &app("/people"))]);
    let context = repositories.gather(&users, &world.source(), None).await.unwrap();
    assert_eq!(routes(&context), ["src/users.js:2 GET /people/:id"]);
}

#[tokio::test]
async fn a_file_that_mounts_itself_and_many_that_mount_each_other_end() {
    let mount = |number: usize| {
        let lines: Vec<String> = (0..40).map(|to| format!("router.use('/a', require('./r{to}'));")).collect();
        format!(
            "const router = Router();\n{}\nrouter.get('/r{number}', x);\nmodule.exports = router;\n",
            lines.join("\n")
        )
    };
    let files: Vec<(String, String)> = (0..60).map(|number| (format!("r{number}.js"), mount(number))).collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let context = World::with(&files).gather("r7", "").await.unwrap();
    assert!(routes(&context).contains(&"r7.js:42 GET /r7".to_owned()), "{:?}", routes(&context));
}
