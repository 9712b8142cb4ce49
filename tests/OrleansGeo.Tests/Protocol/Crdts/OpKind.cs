namespace OrleansGeo.Tests.Protocol.Crdts;

internal enum OpKind
{
    Count,
    Add,
    Put,
    Remove,
}
