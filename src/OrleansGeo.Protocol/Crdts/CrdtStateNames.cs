namespace OrleansGeo.Protocol.Crdts;

/// <summary>The names of the states that hold a CRDT: one for each key, and one for the count of overruled writes of each incarnation of the row's store.</summary>
/// <remarks>The state's own name has neither mark, so the first mark in a name divides it, whatever characters the key has.</remarks>
internal static class CrdtStateNames
{
    private const char KeyMark = '\u001F';
    private const char OverruledMark = '\u001E';

    public static bool IsStateName(string state) => state.AsSpan().IndexOfAny(KeyMark, OverruledMark) < 0;

    public static string OfKey(string state, string key) => $"{state}{KeyMark}{key}";

    /// <summary>The count of an incarnation, which is written as a number.</summary>
    public static string OfOverruled(string state, string incarnation) => $"{state}{OverruledMark}{incarnation}";

    /// <summary>Whether the name is one of the state's, of which kind, and what stands after the mark.</summary>
    public static bool TryParse(string state, string name, out bool isOverruled, out string rest)
    {
        isOverruled = name.Length > state.Length && name[state.Length] == OverruledMark;
        var isOurs = name.Length > state.Length && (isOverruled || name[state.Length] == KeyMark) && name.StartsWith(state, StringComparison.Ordinal);
        rest = isOurs ? name[(state.Length + 1)..] : "";
        return isOurs;
    }
}
