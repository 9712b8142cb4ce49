using OrleansGeo.Protocol.Logs;

namespace OrleansGeo.Tests.Histories;

/// <summary>What one client does next. Every value that it writes is new; it swaps what it saw last.</summary>
internal sealed class DocumentChance(int client, int seed, IReadOnlyList<SessionConsistency> reads)
{
    private readonly Random _random = new(seed);
    private readonly Dictionary<string, (string? Value, RecordVersion? Version)> _seen = [];
    private int _written;

    public TimeSpan Pause(TimeSpan longest) => longest * _random.NextDouble();

    public (string Key, DocumentAction Action) Next(IReadOnlyList<string> keys)
    {
        var key = keys[_random.Next(keys.Count)];
        return (key, _random.Next(20) switch
        {
            < 9 => new(DocumentActionKind.Get, Consistency: reads[_random.Next(reads.Count)]),
            < 13 => new(DocumentActionKind.Put, NewValue()),
            < 19 => Swap(_seen.GetValueOrDefault(key)),
            _ => new(DocumentActionKind.Delete),
        });
    }

    public void Learn(string key, DocumentAction action, DocumentAnswer answer)
    {
        switch (answer.Outcome)
        {
            case DocumentOutcome.Found:
                _seen[key] = (answer.Value, answer.Version);
                break;
            case DocumentOutcome.Created or DocumentOutcome.Replaced or DocumentOutcome.Written:
                _seen[key] = (action.Value, answer.Version);
                break;
            default:
                _seen.Remove(key);
                break;
        }
    }

    private DocumentAction Swap((string? Value, RecordVersion? Version) seen) => new(DocumentActionKind.Swap, NewValue(), seen.Value, seen.Version);

    private string NewValue() => $"{client}.{++_written}";
}
