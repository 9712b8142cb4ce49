using OrleansGeo.Protocol.Registers;

namespace OrleansGeo.Protocol.Leases;

/// <summary>What one region has seen of another's lease, on its own clock.</summary>
/// <remarks>
/// The holder counts a renewal from before anybody could see it. So an observer that counts the same time, and a margin for the difference of
/// the clocks' rates, from when it first saw that renewal anywhere, ends later. What it saw may not be the register's value; whoever
/// revokes the lease finds out, because the change applies only to what was observed, or an earlier renewal by the same run.
/// </remarks>
internal sealed class LeaseObservation
{
    private Ballot _ballot;
    private ReadOnlyMemory<byte> _bytes;

    public LeaseValue Value { get; private set; }

    /// <summary>When <see cref="Value"/> was seen first.</summary>
    public TimeSpan Since { get; private set; }

    /// <summary>Since when the lease has been held without a break, as far as it was seen; null while it is not.</summary>
    public TimeSpan? HeldSince { get; private set; }

    /// <summary>Whether the lease was seen to be held by this process, so that its end is news.</summary>
    public bool WasHeld { get; private set; }

    /// <summary>Whether any value was seen.</summary>
    public bool HasValue => !_bytes.IsEmpty;

    public LeaseObservation(TimeSpan now) => Since = now;

    /// <summary>The observer's own loop stood still: whatever came meanwhile has not been seen, so every count starts over.</summary>
    public void StartOver(TimeSpan now) => Since = now;

    /// <returns>Why it cannot be read here; null: it can, or that was said.</returns>
    public FormatException? See(AcceptorState state, TimeSpan age, TimeSpan now)
    {
        if (state.Accepted < _ballot || state.Value.IsEmpty)
        {
            return null;
        }

        if (state.Value.Span.SequenceEqual(_bytes.Span))
        {
            // Somebody saw it earlier: the same attempt, so the time counts from there.
            _ballot = state.Accepted;
            Since = now - age < Since ? now - age : Since;
            return null;
        }

        if (!LeaseValue.TryDecode(state.Value, out var value, out var unreadable))
        {
            // Of a newer version, most likely, and so written by a region that lives: as if it had renewed what was seen last. It is not revoked, because that
            // takes reading it.
            (_ballot, _bytes, Since) = (state.Accepted, state.Value, now - age);
            return unreadable;
        }

        HeldSince = !value.IsHeld ? null : value.Generation == Value.Generation && Value.IsHeld ? HeldSince : now;
        (_ballot, _bytes, Value, Since) = (state.Accepted, state.Value, value, now - age);
        WasHeld |= value.IsHeld;
        return null;
    }

    /// <summary>When the lease has surely ended; only meaningful while it is held.</summary>
    public TimeSpan EndsAt(double driftMargin) => Since + (Value.Duration * (1 + driftMargin));

    public bool IsLive(TimeSpan now, double driftMargin) => Value.IsHeld && now < EndsAt(driftMargin);
}
