using CsCheck;
using DocumentOperation = OrleansGeo.Tests.Histories.Operation<OrleansGeo.Tests.Histories.DocumentAction, OrleansGeo.Tests.Histories.DocumentAnswer>;

namespace OrleansGeo.Tests.Histories;

/// <summary>Up to seven operations on one key, with so few values and times that anything may happen.</summary>
internal static class SmallHistory
{
    private static readonly Gen<string?> Value = Gen.Int[0, 3].Select(static i => i == 0 ? null : "-abc"[i].ToString());

    private static readonly Gen<DocumentOperation> Operation = Gen.Select(Gen.Int[0, 9], Gen.Int[0, 5], Gen.Int[0, 9], Value, Value, Gen.Bool)
        .Select(static (kind, from, length, value, expected, isDone) => kind switch
        {
            < 4 => HandHistory.Get(from, from + (length / 3), value),
            4 => HandHistory.Put(from, from + length, value ?? "a"),
            5 => isDone ? HandHistory.UnknownPut(from, value ?? "a") : HandHistory.UnknownDelete(from),
            6 => HandHistory.UnknownSwap(from, expected, value ?? "b"),
            7 => HandHistory.Delete(from, from + length),
            _ => isDone ? HandHistory.Swap(from, from + length, expected, value ?? "c") : HandHistory.SwapRefused(from, from + length, expected, value ?? "c"),
        });

    public static Gen<DocumentOperation[]> Any { get; } = Operation.Array[0, 7];
}
