using CsCheck;

namespace OrleansGeo.Tests.Protocol.Crdts;

/// <summary>A step of a schedule; what its numbers mean is said where it is done.</summary>
internal readonly record struct CrdtStep(StepKind Kind, int Replica, int Row, int Key, int Choice)
{
    private static readonly Gen<StepKind> _kinds = Gen.Frequency(
        (30, Gen.Const(StepKind.Operate)),
        (20, Gen.Const(StepKind.Write)),
        (24, Gen.Const(StepKind.Deliver)),
        (8, Gen.Const(StepKind.Report)),
        (5, Gen.Const(StepKind.Meet)),
        (4, Gen.Const(StepKind.Reload)),
        (2, Gen.Const(StepKind.Discard)),
        (2, Gen.Const(StepKind.Jump)),
        (2, Gen.Const(StepKind.Replace)));

    public static Gen<(int Replicas, CrdtStep[] Steps)> Schedules { get; } = Gen.Select(
        Gen.Int[2, 5],
        Gen.Select(_kinds, Gen.Int[0, 59], Gen.Int[0, 59], Gen.Int[0, 2], Gen.Int[0, 999], static (kind, replica, row, key, choice) => new CrdtStep(kind, replica, row, key, choice)).Array[10, 90]);
}
