namespace OrleansGeo.Tests.Protocol.Crdts;

internal enum CrdtKind
{
    Counter,
    Set,
    Map,
    MultiValue,
}
