namespace OrleansGeo.Api.Documents;

/// <summary>The answer of a document.</summary>
/// <param name="Status">What happened.</param>
/// <param name="Version">
/// The version that the answer is based on; null when the document does not exist. After a write it may be the one before: a write's own
/// version is given out when its request ends, and comes back with the call (<c>GeoSession.Last</c>).
/// </param>
/// <param name="Json">The document, UTF-8, where the caller does not have it already: after get and patch.</param>
[GenerateSerializer, Immutable, Alias("orleansgeo.document.result")]
internal sealed record DocumentResult([property: Id(0)] DocumentStatus Status, [property: Id(1)] string? Version, [property: Id(2)] byte[]? Json = null);
