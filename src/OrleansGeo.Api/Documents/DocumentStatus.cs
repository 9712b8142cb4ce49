namespace OrleansGeo.Api.Documents;

/// <summary>What became of a request to a document. The numbers are on the wire.</summary>
[GenerateSerializer, Alias("orleansgeo.document.status")]
internal enum DocumentStatus
{
    /// <summary>It exists; this is it.</summary>
    Found = 0,

    /// <summary>It did not exist, now it does.</summary>
    Created = 1,

    /// <summary>It exists and has new content.</summary>
    Replaced = 2,

    /// <summary>It is gone.</summary>
    Deleted = 3,

    /// <summary>It does not exist. Nothing happened.</summary>
    NotFound = 4,

    /// <summary>The condition does not hold. Nothing happened.</summary>
    Conflict = 5,

    /// <summary>The patched document would be larger than allowed. Nothing happened.</summary>
    TooLarge = 6,
}
