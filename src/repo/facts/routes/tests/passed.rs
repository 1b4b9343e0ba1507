//! Routers that modules pass on from others.

use super::check_all;

const USERS: &str = "export const users = Router();\nusers.get('/:id', show);\nexport default users;\n";

#[test]
fn a_router_is_mounted_through_modules_that_pass_it_on() {
    for (import, index) in [
        ("import { users } from './routes';", "export { users } from './users';\n"),
        ("import { people } from './routes';", "export {\n  users as people,\n  orders,\n} from './users';\n"),
        ("import { users } from './routes/index.js';", "export * from './orders';\nexport * from './users';\n"),
        ("import { people } from './routes';", "export { default as people } from './users';\n"),
        ("import people from './routes';", "export { default } from './users';\n"),
        ("import * as routes from './routes';", "export * as api from './users';\n"),
        ("const people = require('./routes');", "module.exports = require('./users');\n"),
        ("const { people } = require('./routes');", "exports.people = require('./users');\n"),
    ] {
        let name = ["users", "people"].into_iter().find(|name| import.contains(&format!("{name} ")));
        let name = name.unwrap_or("routes.api.users");
        let app: &'static str = format!("{import}\napp.use('/api', {name});\n").leak();
        check_all(
            &[
                ("typescript", "src/app.ts", app),
                ("typescript", "src/routes/index.ts", index),
                ("typescript", "src/routes/users.ts", USERS),
            ],
            &["src/routes/users.ts:2 GET /api/:id"],
        );
    }
}

#[test]
fn modules_that_pass_a_name_in_a_circle_end() {
    check_all(
        &[
            (
                "typescript",
                "a.ts",
                "import { users } from './b';\napp.use('/api', users);\nexport { users } from './b';\n",
            ),
            ("typescript", "b.ts", "export { users } from './a';\nexport * from './c';\n"),
            ("typescript", "c.ts", USERS),
        ],
        &["c.ts:2 GET /:id"],
    );
}

#[test]
fn a_router_is_built_in_a_chain_of_calls() {
    let routes = "import users from './users';\nconst api = Router()\n  .use(auth)\n  .use('/v2', users);\n\nexport default Router().use('/api', api);\n";
    check_all(
        &[
            ("typescript", "main.ts", "import routes from './routes';\napp.use('/shop', routes);\n"),
            ("typescript", "routes.ts", routes),
            ("typescript", "users.ts", USERS),
        ],
        &["users.ts:2 GET /shop/api/v2/:id"],
    );
}
