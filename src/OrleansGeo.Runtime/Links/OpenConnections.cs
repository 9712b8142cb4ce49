using System.Collections.Concurrent;
using Microsoft.AspNetCore.Connections;

namespace OrleansGeo.Runtime.Links;

/// <summary>The transport connections that a client has open now, so that they can be closed without asking the client.</summary>
internal sealed class OpenConnections
{
    private readonly ConcurrentDictionary<ConnectionContext, bool> _open = new();

    public void Track(IConnectionBuilder builder) => builder.Use(next => async context =>
    {
        _open[context] = true;
        try
        {
            await next(context);
        }
        finally
        {
            _open.TryRemove(context, out _);
        }
    });

    public void Abort()
    {
        foreach (var context in _open.Keys)
        {
            context.Abort();
        }
    }
}
