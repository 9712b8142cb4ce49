namespace OrleansGeo.Api.OpenApi;

/// <summary>What a status of an endpoint means.</summary>
/// <param name="Status">The status.</param>
/// <param name="Text">In words.</param>
/// <param name="AnyJson">The body is a JSON value without a schema.</param>
internal sealed record ResponseDescription(int Status, string Text, bool AnyJson);
