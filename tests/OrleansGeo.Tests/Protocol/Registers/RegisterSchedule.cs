using System.Buffers.Binary;
using OrleansGeo.Protocol.Registers;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Tests.Protocol.Control;

namespace OrleansGeo.Tests.Protocol.Registers;

/// <summary>
/// One random schedule of one register: proposers that append, look and give up, acceptors that restart or go back in time, messages that are
/// lost, doubled and reordered. The register's value is the list of all changes, so a decided value that is not a prefix of a later one was lost.
/// </summary>
internal sealed class RegisterSchedule
{
    private readonly RegionId[] _regions;
    private readonly AcceptorState[] _acceptors;
    private readonly RegisterProposer[] _proposers;
    private readonly List<Action> _network = [];
    private readonly List<ReadOnlyMemory<byte>> _told = [];
    private readonly RegisterBook _book;
    private readonly Random _random;
    private readonly int _majority;
    private readonly RegisterRules _rules;
    private readonly AcceptorState[] _backups;
    private Dictionary<int, AcceptorState>? _heard;
    private int _forgetful = -1;
    private int _boots;
    private int _changes;

    private RegisterSchedule(int seed, RegisterRules rules)
    {
        _random = new(seed);
        _rules = rules;
        _regions = [.. Enumerable.Range(0, 2 + _random.Next(4)).Select(static i => new RegionId($"{(char)('a' + i)}"))];
        _majority = (_regions.Length / 2) + 1 - rules.MajorityOff;
        _acceptors = [.. _regions.Select(static _ => AcceptorState.Empty)];
        _backups = [.. _acceptors];
        _proposers = [.. _regions.Select(region => Start(region))];
        _book = new("register", (_regions.Length / 2) + 1, IsPrefix);
    }

    /// <returns>How many changes were made.</returns>
    public static int Run(int seed, RegisterRules? rules = null)
    {
        var schedule = new RegisterSchedule(seed, rules ?? new());
        for (var step = 0; step < 400; step++)
        {
            schedule.Step();
        }

        return schedule._told.Count;
    }

    private static string? IsPrefix(ReadOnlyMemory<byte> earlier, ReadOnlyMemory<byte> later) => later.Span.StartsWith(earlier.Span) ? null : "a change is missing";

    private void Step()
    {
        var proposer = _random.Next(_regions.Length);
        switch (_random.Next(24))
        {
            case 0 when _random.Next(4) == 0:
                _proposers[proposer] = Start(_regions[proposer]);
                break;
            case 1 when _random.Next(4) == 0:
                _acceptors[proposer] = _rules.Recall(_acceptors[proposer]);
                break;
            case 6 when _rules.StoresGoBack:
                GoBack(proposer);
                break;
            case 2 when _random.Next(2) == 0:
                _proposers[proposer].Abandon();
                break;
            case 3 or 4 or 5 when !_proposers[proposer].IsBusy:
                Broadcast(proposer, _proposers[proposer].Begin(_random.Next(4) == 0 ? static _ => default(ReadOnlyMemory<byte>?) : Append));
                break;
            default:
                Deliver();
                break;
        }
    }

    private RegisterProposer Start(RegionId region) => _rules.Start(region, _majority, ++_boots);

    private ReadOnlyMemory<byte>? Append(ReadOnlyMemory<byte> present)
    {
        var next = new byte[present.Length + 4];
        present.CopyTo(next);
        BinaryPrimitives.WriteInt32LittleEndian(next.AsSpan(present.Length), ++_changes);
        return next;
    }

    private void Deliver()
    {
        if (_network.Count == 0)
        {
            return;
        }

        var index = _random.Next(2) == 0 ? 0 : _random.Next(_network.Count);
        var message = _network[index];
        if (_random.Next(12) > 0)
        {
            _network.RemoveAt(index);
        }

        if (_random.Next(12) > 0)
        {
            message();
        }
    }

    private void Broadcast(int proposer, RegisterMessage message)
    {
        var run = _proposers[proposer];
        for (var i = 0; i < _regions.Length; i++)
        {
            var acceptor = i;
            _network.Add(() => Ask(proposer, run, acceptor, message));
        }
    }

    private void GoBack(int acceptor)
    {
        if (_forgetful < 0 && _random.Next(4) == 0)
        {
            _forgetful = acceptor;
            _acceptors[acceptor] = _backups[acceptor];
        }
        else if (_forgetful < 0)
        {
            _backups[acceptor] = _acceptors[acceptor];
        }

        if (_forgetful >= 0)
        {
            // Anew each time: what was answered long ago need not fit what is answered now.
            var heard = _heard = [];
            foreach (var other in Enumerable.Range(0, _regions.Length).Where(other => other != _forgetful))
            {
                _network.Add(() =>
                {
                    var state = _acceptors[other];
                    _network.Add(() => Recall(heard, other, state));
                });
            }
        }
    }

    private void Recall(Dictionary<int, AcceptorState> heard, int other, AcceptorState state)
    {
        if (heard != _heard)
        {
            return;
        }

        heard[other] = state;
        if (_rules.Restore(heard.Values, _majority) is { } restored)
        {
            var vote = new RegisterMessage.Accept(restored.Accepted, restored.Value, restored.Promised);
            var granted = AcceptorRules.Take(_acceptors[_forgetful], vote, out var next);
            if (granted || AcceptorRules.Take(_acceptors[_forgetful], new RegisterMessage.Prepare(restored.Promised), out next) || next.Promised >= restored.Promised)
            {
                if (granted && next.Accepted > Ballot.None)
                {
                    _book.Accepted(_regions[_forgetful], vote);
                }

                _acceptors[_forgetful] = next;
                (_forgetful, _heard) = (-1, null);
            }
        }
    }

    private void Ask(int proposer, RegisterProposer run, int acceptor, RegisterMessage message)
    {
        if (acceptor == _forgetful)
        {
            return;
        }

        var granted = _rules.Take(_acceptors[acceptor], message, out var next);
        _acceptors[acceptor] = next;
        if (granted && message is RegisterMessage.Accept accept)
        {
            _book.Accepted(_regions[acceptor], accept);
        }

        _network.Add(() => Answer(proposer, run, acceptor, message, new(granted, next, TimeSpan.Zero)));
    }

    private void Answer(int proposer, RegisterProposer run, int acceptor, RegisterMessage message, RegisterReply reply)
    {
        switch (run.Receive(_regions[acceptor], message, reply))
        {
            case RegisterStep.Send send when ReferenceEquals(run, _proposers[proposer]):
                Broadcast(proposer, send.Message);
                break;
            case RegisterStep.Done done:
                // What anybody is told is decided, now and in every later value.
                Violation.Unless(IsPrefix(done.Value, _book.Decided) is null, $"somebody was told a value that is not decided");
                Violation.Unless(_told.TrueForAll(told => IsPrefix(told, _book.Decided) is null), $"somebody was told a value that was lost");
                _told.Add(done.Value);
                break;
        }
    }
}
