using System.Collections.Concurrent;
using Microsoft.AspNetCore.Connections;

namespace OrleansGeo.Runtime.Links;

/// <summary>The transport connections that a client has open now, so that they can be closed without asking the client.</summary>
internal sealed class OpenConnections
{
    private readonly ConcurrentDictionary<ConnectionContext, bool> _open = new();
    private volatile bool _aborted;

    public void Track(IConnectionBuilder builder) => builder.Use(next => async context =>
    {
        _open[context] = true;
        try
        {
            // An attempt to connect may outlive the client that made it.
            if (_aborted)
            {
                context.Abort();
                return;
            }

            await next(context);
        }
        finally
        {
            _open.TryRemove(context, out _);
        }
    });

    /// <summary>Closes those that are open, and whichever opens later.</summary>
    public void Abort()
    {
        _aborted = true;
        foreach (var context in _open.Keys)
        {
            context.Abort();
        }
    }
}
