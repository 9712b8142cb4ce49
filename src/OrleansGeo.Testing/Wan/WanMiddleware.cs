using Microsoft.AspNetCore.Connections;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Testing;

/// <summary>Puts delay lines into connections.</summary>
internal static class WanMiddleware
{
    /// <summary>Shapes what a link's client sends to a peer's gateway, and says first which region it is from.</summary>
    public static void ShapeOutbound(this WanEmulator emulator, IConnectionBuilder builder, RegionId peer) => builder.Use(next => async context =>
    {
        if (emulator.Get(peer).Cut)
        {
            throw new IOException($"the way from {emulator.Self} to {peer} is cut by the WAN emulation");
        }

        await ShapeAsync(emulator, context, peer, async shaped =>
        {
            await WanPreamble.WriteAsync(shaped.Transport.Output, emulator.Self);
            await next(shaped);
        });
    });

    /// <summary>Shapes what a gateway answers to another region's link. Connections of the region's own clients pass untouched.</summary>
    public static void ShapeGatewayInbound(this WanEmulator emulator, IConnectionBuilder builder) => builder.Use(next => async context =>
    {
        if (await WanPreamble.ReadAsync(context.Transport.Input) is { } from)
        {
            await ShapeAsync(emulator, context, from, shaped => next(shaped));
        }
        else
        {
            await next(context);
        }
    });

    private static async Task ShapeAsync(WanEmulator emulator, ConnectionContext context, RegionId to, ConnectionDelegate next)
    {
        var real = context.Transport;
        await using var line = new DelayLine(emulator, emulator.Path(to), real.Output);
        await using var closing = context.ConnectionClosed.UnsafeRegister(static state => ((DelayLine)state!).Stop(), line);
        context.Transport = new ShapedTransport(real.Input, line);
        try
        {
            await next(context);
        }
        finally
        {
            context.Transport = real;
        }
    }
}
