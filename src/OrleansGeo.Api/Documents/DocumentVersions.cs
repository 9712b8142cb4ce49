using System.Collections.Immutable;

namespace OrleansGeo.Api.Documents;

/// <summary>The versions that a condition names.</summary>
/// <param name="All">Any version at all (<c>*</c>).</param>
/// <param name="Listed">Else these.</param>
[GenerateSerializer, Immutable, Alias("orleansgeo.document.versions")]
internal sealed record DocumentVersions([property: Id(0)] bool All, [property: Id(1)] ImmutableArray<string> Listed)
{
    public static DocumentVersions Any { get; } = new(true, []);

    public static DocumentVersions Of(ImmutableArray<string> listed) => new(false, listed);

    /// <summary>Whether they have the version of a document that exists.</summary>
    public bool Contain(string? version) => All || (version is not null && Listed.Contains(version));
}
