using Microsoft.Extensions.Options;

namespace OrleansGeo.Api.Events;

/// <summary>Counts the streams that are open: each holds a connection and a buffer for as long as its reader likes.</summary>
internal sealed class EventStreams(IOptions<GeoApiOptions> options)
{
    private int _open;

    public int Limit { get; } = options.Value.MaxEventStreams;

    /// <summary>Whether one more may be opened; then it must be closed.</summary>
    public bool TryOpen()
    {
        if (Interlocked.Increment(ref _open) <= Limit)
        {
            return true;
        }

        Close();
        return false;
    }

    public void Close() => Interlocked.Decrement(ref _open);
}
