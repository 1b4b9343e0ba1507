//! The endpoints that the sandbox's GitHub has, by name.

use axum::routing::MethodFilter;

/// An endpoint: a method and a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Endpoint {
    App,
    Installations,
    AccessToken,
    InstallationRepositories,
    RateLimit,
    CurrentUser,
    User,
    Repository,
    RepositoryInstallation,
    Permission,
    Labels,
    Contents,
    PutContents,
    GetRef,
    CreateRef,
    Pulls,
    OpenPull,
    Issue,
    Parent,
    SubIssues,
    ListComments,
    CreateComment,
    GetComment,
    EditComment,
    DeleteComment,
    ReactToIssue,
    ReactToComment,
    AppDeliveries,
    AppDelivery,
    AppRedeliver,
    Hooks,
    HookDeliveries,
    HookDelivery,
    HookRedeliver,
}

impl Endpoint {
    /// Every endpoint with its method and path.
    #[rustfmt::skip]
    pub const TABLE: [(Self, MethodFilter, &'static str); 34] = [
        (Self::App, MethodFilter::GET, "/app"),
        (Self::Installations, MethodFilter::GET, "/app/installations"),
        (Self::AccessToken, MethodFilter::POST, "/app/installations/{id}/access_tokens"),
        (Self::InstallationRepositories, MethodFilter::GET, "/installation/repositories"),
        (Self::RateLimit, MethodFilter::GET, "/rate_limit"),
        (Self::CurrentUser, MethodFilter::GET, "/user"),
        (Self::User, MethodFilter::GET, "/users/{login}"),
        (Self::Repository, MethodFilter::GET, "/repos/{owner}/{repo}"),
        (Self::RepositoryInstallation, MethodFilter::GET, "/repos/{owner}/{repo}/installation"),
        (Self::Permission, MethodFilter::GET, "/repos/{owner}/{repo}/collaborators/{login}/permission"),
        (Self::Labels, MethodFilter::GET, "/repos/{owner}/{repo}/labels"),
        (Self::Contents, MethodFilter::GET, "/repos/{owner}/{repo}/contents/{*path}"),
        (Self::PutContents, MethodFilter::PUT, "/repos/{owner}/{repo}/contents/{*path}"),
        (Self::GetRef, MethodFilter::GET, "/repos/{owner}/{repo}/git/ref/{*reference}"),
        (Self::CreateRef, MethodFilter::POST, "/repos/{owner}/{repo}/git/refs"),
        (Self::Pulls, MethodFilter::GET, "/repos/{owner}/{repo}/pulls"),
        (Self::OpenPull, MethodFilter::POST, "/repos/{owner}/{repo}/pulls"),
        (Self::Issue, MethodFilter::GET, "/repos/{owner}/{repo}/issues/{number}"),
        (Self::Parent, MethodFilter::GET, "/repos/{owner}/{repo}/issues/{number}/parent"),
        (Self::SubIssues, MethodFilter::GET, "/repos/{owner}/{repo}/issues/{number}/sub_issues"),
        (Self::ListComments, MethodFilter::GET, "/repos/{owner}/{repo}/issues/{number}/comments"),
        (Self::CreateComment, MethodFilter::POST, "/repos/{owner}/{repo}/issues/{number}/comments"),
        (Self::GetComment, MethodFilter::GET, "/repos/{owner}/{repo}/issues/comments/{id}"),
        (Self::EditComment, MethodFilter::PATCH, "/repos/{owner}/{repo}/issues/comments/{id}"),
        (Self::DeleteComment, MethodFilter::DELETE, "/repos/{owner}/{repo}/issues/comments/{id}"),
        (Self::ReactToIssue, MethodFilter::POST, "/repos/{owner}/{repo}/issues/{number}/reactions"),
        (Self::ReactToComment, MethodFilter::POST, "/repos/{owner}/{repo}/issues/comments/{id}/reactions"),
        (Self::AppDeliveries, MethodFilter::GET, "/app/hook/deliveries"),
        (Self::AppDelivery, MethodFilter::GET, "/app/hook/deliveries/{id}"),
        (Self::AppRedeliver, MethodFilter::POST, "/app/hook/deliveries/{id}/attempts"),
        (Self::Hooks, MethodFilter::GET, "/repos/{owner}/{repo}/hooks"),
        (Self::HookDeliveries, MethodFilter::GET, "/repos/{owner}/{repo}/hooks/{hook}/deliveries"),
        (Self::HookDelivery, MethodFilter::GET, "/repos/{owner}/{repo}/hooks/{hook}/deliveries/{id}"),
        (Self::HookRedeliver, MethodFilter::POST, "/repos/{owner}/{repo}/hooks/{hook}/deliveries/{id}/attempts"),
    ];

    /// Only the app itself may call it, by JWT.
    pub fn needs_jwt(self) -> bool {
        use Endpoint::{
            AccessToken, App, AppDeliveries, AppDelivery, AppRedeliver, Installations, RepositoryInstallation,
        };
        matches!(
            self,
            App | Installations | AccessToken | RepositoryInstallation | AppDeliveries | AppDelivery | AppRedeliver
        )
    }
}
