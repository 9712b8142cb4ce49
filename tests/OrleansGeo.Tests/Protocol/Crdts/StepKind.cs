namespace OrleansGeo.Tests.Protocol.Crdts;

internal enum StepKind
{
    Operate,
    Write,
    Deliver,
    Report,
    Meet,
    Reload,
    Discard,
    Jump,
    Replace,
}
