using CsCheck;

namespace OrleansGeo.Tests.Storage;

/// <summary>One step of a random history. Its numbers are read relative to where the shard stands, so that most steps mean something.</summary>
internal sealed record StoreOperation(StoreOperation.Kind What, int Epoch, bool East, int A, int B, int C)
{
    public enum Kind
    {
        Append,
        AppendElsewhere,
        Promise,
        Cut,
        Checkpoint,
        Trim,
        BeginCopy,
        AddToCopy,
        FinishCopy,
        Reopen,
    }

    public static Gen<StoreOperation[]> Histories { get; } = Gen.Select(
        Gen.Frequency(
            (30, Gen.Const(Kind.Append)),
            (6, Gen.Const(Kind.AppendElsewhere)),
            (4, Gen.Const(Kind.Promise)),
            (6, Gen.Const(Kind.Cut)),
            (12, Gen.Const(Kind.Checkpoint)),
            (8, Gen.Const(Kind.Trim)),
            (3, Gen.Const(Kind.BeginCopy)),
            (3, Gen.Const(Kind.AddToCopy)),
            (3, Gen.Const(Kind.FinishCopy)),
            (3, Gen.Const(Kind.Reopen))),
        Gen.Frequency((4, Gen.Const(0)), (2, Gen.Const(1)), (1, Gen.Const(-1))),
        Gen.Int[0, 5].Select(i => i == 0),
        Gen.Int[0, 9],
        Gen.Int[0, 9],
        Gen.Int[0, 9]).Select((what, epoch, east, a, b, c) => new StoreOperation(what, epoch, east, a, b, c)).Array[1, 60];
}
