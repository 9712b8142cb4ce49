using OrleansGeo.Protocol.Logs;

namespace OrleansGeo.Tests.Histories;

/// <summary>A document between two operations.</summary>
/// <param name="Value">Null when it does not exist.</param>
/// <param name="Version">Its version or, if that was not told, one that is older.</param>
/// <param name="IsExact">Which of the two.</param>
internal readonly record struct DocumentModelState(string? Value, RecordVersion Version, bool IsExact)
{
    public override string ToString() => Value is null ? "nothing" : IsExact ? $"{Value} at {Version}" : Value;
}
