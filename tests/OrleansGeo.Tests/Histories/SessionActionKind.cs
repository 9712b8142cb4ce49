namespace OrleansGeo.Tests.Histories;

internal enum SessionActionKind
{
    Read,
    Write,
    Delete,
}
