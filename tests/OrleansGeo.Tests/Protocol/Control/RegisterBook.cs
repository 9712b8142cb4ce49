using OrleansGeo.Protocol.Registers;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Tests.Protocol.Control;

/// <summary>
/// The harness's own account of one register: who accepted what under which ballot. A value that a majority accepted is decided, and
/// whatever is accepted under a higher ballot must follow from it.
/// </summary>
internal sealed class RegisterBook(string register, int majority, Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>, string?> follows)
{
    /// <summary>Messages do not live for so many ballots.</summary>
    private const int Remembered = 32;

    private readonly SortedDictionary<Ballot, Entry> _entries = [];
    private Ballot _decided;

    public ReadOnlyMemory<byte> Decided => _decided == Ballot.None ? default : _entries[_decided].Value;

    public void Accepted(RegionId acceptor, RegisterMessage.Accept accept)
    {
        if (!_entries.TryGetValue(accept.Ballot, out var entry))
        {
            _entries.Add(accept.Ballot, entry = new(accept.Value, []));
            if (_entries.Count > Remembered)
            {
                _entries.Remove(_entries.Keys.First(ballot => ballot != _decided));
            }

            if (accept.Ballot > _decided)
            {
                Check(Decided, entry.Value, accept.Ballot);
            }
        }

        Violation.Unless(entry.Value.Span.SequenceEqual(accept.Value.Span), $"{register}: two values under ballot {accept.Ballot}");
        if (entry.Acceptors.Add(acceptor) && entry.Acceptors.Count == majority)
        {
            Decide(accept.Ballot, entry);
        }
    }

    private void Decide(Ballot ballot, Entry entry)
    {
        if (ballot < _decided)
        {
            Check(entry.Value, Decided, _decided);
            return;
        }

        foreach (var (later, other) in _entries.SkipWhile(pair => pair.Key <= ballot).ToList())
        {
            Check(entry.Value, other.Value, later);
        }

        Check(Decided, entry.Value, ballot);
        _decided = ballot;
    }

    private void Check(ReadOnlyMemory<byte> earlier, ReadOnlyMemory<byte> later, Ballot ballot)
    {
        if (!earlier.Span.SequenceEqual(later.Span) && follows(earlier, later) is { } problem)
        {
            throw new Violation($"{register}: a decided value was lost or forked at ballot {ballot}: {problem}");
        }
    }

    private sealed record Entry(ReadOnlyMemory<byte> Value, HashSet<RegionId> Acceptors);
}
