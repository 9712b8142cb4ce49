using CsCheck;

namespace OrleansGeo.Tests.Protocol.Crdts;

/// <summary>A step of a schedule; what its numbers mean is said where it is done.</summary>
internal readonly record struct CrdtStep(StepKind Kind, int Replica, int Row, int Key, int Choice)
{
    private static readonly Gen<StepKind> _kinds = Gen.Frequency(
        (30, Gen.Const(StepKind.Operate)),
        (12, Gen.Const(StepKind.Write)),
        (35, Gen.Const(StepKind.Deliver)),
        (8, Gen.Const(StepKind.Report)),
        (3, Gen.Const(StepKind.Meet)),
        (3, Gen.Const(StepKind.Reload)),
        (2, Gen.Const(StepKind.Discard)),
        (2, Gen.Const(StepKind.Jump)),
        (1, Gen.Const(StepKind.Replace)));

    // Most of what can go wrong needs three regions and one key.
    private static readonly Gen<int> _replicas = Gen.Frequency((1, Gen.Const(2)), (4, Gen.Const(3)), (1, Gen.Const(4)), (1, Gen.Const(5)));
    private static readonly Gen<int> _keys = Gen.Frequency((5, Gen.Const(0)), (1, Gen.Const(1)), (1, Gen.Const(2)));

    public static Gen<(int Replicas, CrdtStep[] Steps)> Schedules { get; } = Gen.Select(
        _replicas,
        Gen.Select(_kinds, Gen.Int[0, 59], Gen.Int[0, 59], _keys, Gen.Int[0, 999], static (kind, replica, row, key, choice) => new CrdtStep(kind, replica, row, key, choice)).Array[10, 70]);

    public static CrdtStep Add(int replica, int key = 0) => new(StepKind.Operate, replica, 0, key, 1);

    public static CrdtStep Remove(int replica, int key = 0) => new(StepKind.Operate, replica, 0, key, 0);

    public static CrdtStep Write(int replica) => new(StepKind.Write, replica, 0, 0, 0);

    public static CrdtStep Report(int replica) => new(StepKind.Report, replica, 0, 0, 0);

    public static CrdtStep Deliver(int row, int to, int entries = 1) => new(StepKind.Deliver, to, row, 0, entries - 1);
}
