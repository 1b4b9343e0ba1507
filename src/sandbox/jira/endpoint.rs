//! The endpoints that the sandbox's Jira has, by name.

use axum::routing::MethodFilter;

/// An endpoint: a method and a path behind `/rest/api/{version}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Endpoint {
    ServerInfo,
    Myself,
    User,
    Fields,
    Project,
    ProjectRoles,
    ProjectRole,
    CheckPermissions,
    MyPermissions,
    UsersWithPermissions,
    Issue,
    ListComments,
    CreateComment,
    GetComment,
    EditComment,
    DeleteComment,
    ListProperties,
    GetProperty,
    SetProperty,
    DeleteProperty,
    Attach,
    Attachment,
    AttachmentContent,
    DeleteAttachment,
    ListRemoteLinks,
    LinkRemotely,
}

impl Endpoint {
    /// Every endpoint with its method and path.
    #[rustfmt::skip]
    pub const TABLE: [(Self, MethodFilter, &'static str); 26] = [
        (Self::ServerInfo, MethodFilter::GET, "/serverInfo"),
        (Self::Myself, MethodFilter::GET, "/myself"),
        (Self::User, MethodFilter::GET, "/user"),
        (Self::Fields, MethodFilter::GET, "/field"),
        (Self::Project, MethodFilter::GET, "/project/{project}"),
        (Self::ProjectRoles, MethodFilter::GET, "/project/{project}/role"),
        (Self::ProjectRole, MethodFilter::GET, "/project/{project}/role/{role}"),
        (Self::CheckPermissions, MethodFilter::POST, "/permissions/check"),
        (Self::MyPermissions, MethodFilter::GET, "/mypermissions"),
        (Self::UsersWithPermissions, MethodFilter::GET, "/user/permission/search"),
        (Self::Issue, MethodFilter::GET, "/issue/{issue}"),
        (Self::ListComments, MethodFilter::GET, "/issue/{issue}/comment"),
        (Self::CreateComment, MethodFilter::POST, "/issue/{issue}/comment"),
        (Self::GetComment, MethodFilter::GET, "/issue/{issue}/comment/{comment}"),
        (Self::EditComment, MethodFilter::PUT, "/issue/{issue}/comment/{comment}"),
        (Self::DeleteComment, MethodFilter::DELETE, "/issue/{issue}/comment/{comment}"),
        (Self::ListProperties, MethodFilter::GET, "/comment/{comment}/properties"),
        (Self::GetProperty, MethodFilter::GET, "/comment/{comment}/properties/{property}"),
        (Self::SetProperty, MethodFilter::PUT, "/comment/{comment}/properties/{property}"),
        (Self::DeleteProperty, MethodFilter::DELETE, "/comment/{comment}/properties/{property}"),
        (Self::Attach, MethodFilter::POST, "/issue/{issue}/attachments"),
        (Self::Attachment, MethodFilter::GET, "/attachment/{attachment}"),
        (Self::AttachmentContent, MethodFilter::GET, "/attachment/content/{attachment}"),
        (Self::DeleteAttachment, MethodFilter::DELETE, "/attachment/{attachment}"),
        (Self::ListRemoteLinks, MethodFilter::GET, "/issue/{issue}/remotelink"),
        (Self::LinkRemotely, MethodFilter::POST, "/issue/{issue}/remotelink"),
    ];
}
