namespace OrleansGeo.Api.Documents;

/// <summary>What must hold for a request to take effect (RFC 9110 §13.2.2).</summary>
/// <param name="IfMatch">The document exists in one of these versions. Null: no matter.</param>
/// <param name="IfNoneMatch">The document does not exist in any of these versions. Null: no matter.</param>
[GenerateSerializer, Immutable, Alias("orleansgeo.document.condition")]
internal sealed record DocumentCondition([property: Id(0)] DocumentVersions? IfMatch, [property: Id(1)] DocumentVersions? IfNoneMatch)
{
    public bool Holds(bool exists, string? version) => IfMatchHolds(exists, version) && IfNoneMatchHolds(exists, version);

    public bool IfMatchHolds(bool exists, string? version) => IfMatch is null || (exists && IfMatch.Contain(version));

    public bool IfNoneMatchHolds(bool exists, string? version) => IfNoneMatch is null || !(exists && IfNoneMatch.Contain(version));
}
