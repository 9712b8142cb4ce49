namespace OrleansGeo.Tests.Histories;

internal enum DocumentActionKind
{
    Get,
    Put,

    /// <summary>A put on the condition that the document is as expected: has a version, or does not exist.</summary>
    Swap,
    Delete,
}
