//! Tests of `azure_devops`: proof, decoding, and the client against a scripted server.
