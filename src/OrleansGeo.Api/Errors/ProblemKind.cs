namespace OrleansGeo.Api.Errors;

/// <summary>A kind of error of the web API.</summary>
/// <param name="Code">The stable code that programs branch on.</param>
/// <param name="Status">The HTTP status code.</param>
/// <param name="Title">What it means, the same for every occurrence.</param>
internal sealed record ProblemKind(string Code, int Status, string Title)
{
    /// <summary>The problem type URI (RFC 9457 §3.1.1). A name, not an address: nothing is served there.</summary>
    public string Type => $"urn:orleansgeo:problem:{Code}";
}
