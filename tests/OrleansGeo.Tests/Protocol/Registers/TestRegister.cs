using System.Text;
using OrleansGeo.Protocol.Registers;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Tests.Protocol.Registers;

/// <summary>Acceptors and proposers of one register, and every message delivered by hand.</summary>
internal sealed class TestRegister(params RegionId[] regions)
{
    private readonly Dictionary<RegionId, AcceptorState> _states = regions.ToDictionary(static region => region, static _ => AcceptorState.Empty);
    private readonly Dictionary<RegionId, RegisterProposer> _proposers = regions.ToDictionary(static region => region, region => new RegisterProposer(new(regions.Length), region, 1));

    public int Messages { get; private set; }

    public RegisterProposer this[RegionId region] => _proposers[region];

    public AcceptorState StateOf(RegionId region) => _states[region];

    public static ReadOnlyMemory<byte> Bytes(string text) => Encoding.UTF8.GetBytes(text);

    public static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);

    public RegisterReply Deliver(RegionId to, RegisterMessage message)
    {
        Messages++;
        var granted = AcceptorRules.Take(_states[to], message, out var next);
        _states[to] = next;
        return new(granted, next, TimeSpan.Zero);
    }

    /// <summary>One message to one acceptor, and its reply back.</summary>
    public RegisterStep Exchange(RegionId proposer, RegionId acceptor, RegisterMessage message) => _proposers[proposer].Receive(acceptor, message, Deliver(acceptor, message));

    /// <summary>A whole change over the acceptors that are reachable.</summary>
    public RegisterStep.Done Run(RegionId proposer, Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>?> change, params RegionId[] reachable)
    {
        for (var attempt = 0; attempt < 10; attempt++)
        {
            var message = _proposers[proposer].Begin(change);
            while (Round(proposer, message, reachable.Length == 0 ? regions : reachable) is { } step)
            {
                if (step is RegisterStep.Done done)
                {
                    return done;
                }

                message = ((RegisterStep.Send)step).Message;
            }

            _proposers[proposer].Abandon();
        }

        throw new InvalidOperationException("No majority in ten attempts.");
    }

    public RegisterStep.Done Write(RegionId proposer, string text, params RegionId[] reachable) => Run(proposer, _ => Bytes(text), reachable);

    public string Read(RegionId proposer, params RegionId[] reachable) => Text(Run(proposer, static _ => null, reachable).Value);

    /// <summary>Null: a conflict, or no majority.</summary>
    private RegisterStep? Round(RegionId proposer, RegisterMessage message, RegionId[] reachable)
    {
        RegisterStep? last = null;
        foreach (var acceptor in reachable)
        {
            if (Exchange(proposer, acceptor, message) is var step and not RegisterStep.Wait)
            {
                last ??= step;
            }
        }

        return last is RegisterStep.Conflict ? null : last;
    }
}
