namespace OrleansGeo.Testing;

/// <summary>What happens to the bytes that a region sends to another: one direction of a link.</summary>
/// <param name="OneWayMs">How much later they arrive, in milliseconds, from 0 to 60,000.</param>
/// <param name="Loss">The share, from 0 to 1, of writes that arrive 200 ms later still, as what TCP must send again does; those behind wait for it.</param>
/// <param name="Cut">Nothing arrives, and nothing is closed: bytes are held until the cut is healed. New connections fail at once.</param>
public sealed record WanRule(double OneWayMs, double Loss = 0, bool Cut = false)
{
    /// <summary>The longest delay, in milliseconds: 60,000.</summary>
    public const double MaxOneWayMs = 60_000;

    /// <summary>No delay, no loss and no cut.</summary>
    public static WanRule None { get; } = new(0);

    internal void Validate(string to)
    {
        if (!(OneWayMs is >= 0 and <= MaxOneWayMs))
        {
            throw new ArgumentException($"{OneWayMs} ms is not a delay for the way to {to}: use 0 to {MaxOneWayMs} ms.");
        }

        if (!(Loss is >= 0 and <= 1))
        {
            throw new ArgumentException($"{Loss} is not a loss for the way to {to}: use a share from 0 to 1.");
        }
    }
}
