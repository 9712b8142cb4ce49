using OrleansGeo.Protocol.Leases;
using OrleansGeo.Protocol.Registers;

namespace OrleansGeo.Protocol.Control;

/// <summary>Another region's lease as this one sees it.</summary>
internal sealed class PeerLease(RegionId region, RegisterClient client, RegisterReader reader, TimeSpan now)
{
    public RegionId Region { get; } = region;

    public RegisterClient Client { get; } = client;

    public LeaseObservation Seen { get; } = new(now);

    /// <summary>The highest generation that a majority holds as revoked. -1: none is known.</summary>
    public long Ended { get; private set; } = -1;

    /// <summary>When that became known.</summary>
    public TimeSpan EndedAt { get; private set; }

    /// <summary>Whether it was this region that revoked it, and so is the first to act.</summary>
    public bool EndedHere { get; private set; }

    public TimeSpan NextRead { get; set; }

    public TimeSpan NextRevoke { get; set; }

    /// <summary>The lease as it was seen when a takeover was prepared for last.</summary>
    public LeaseValue? PreparedFor { get; set; }

    public TimeSpan NextTakeOver { get; set; }

    /// <summary>Takes an acceptor's reply: as something seen, and as a vote on what is decided.</summary>
    /// <returns>Why what was seen cannot be read here; null: it can, or that was said.</returns>
    public FormatException? Receive(RegionId from, RegisterMessage message, RegisterReply reply, TimeSpan now)
    {
        var unreadable = Seen.See(reply.State, reply.Age, now);

        // Before the reader, which would take the own revocation for somebody else's.
        Client.Receive(from, message, reply, now);
        if (reader.Receive(from, reply) is { } decided)
        {
            if (LeaseValue.TryDecode(decided, out var lease, out _) && !lease.IsHeld)
            {
                HasEnded(lease.Generation, here: false, now);
            }
        }

        return unreadable;
    }

    public void HasEnded(long generation, bool here, TimeSpan now)
    {
        if (generation > Ended)
        {
            (Ended, EndedAt, EndedHere) = (generation, now, here);
        }
    }
}
