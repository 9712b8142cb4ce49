using System.Collections.Concurrent;
using Orleans.Runtime;

namespace OrleansGeo.Tests.Grains;

/// <summary>Filters that note what they see of the watched grain, and change what they are told to change.</summary>
internal sealed class Watch : IIncomingGrainCallFilter, IOutgoingGrainCallFilter
{
    public ConcurrentQueue<string> Incoming { get; } = new();

    public ConcurrentQueue<string> Outgoing { get; } = new();

    /// <summary>Answers of writing methods become this much more.</summary>
    public int Bonus { get; set; }

    public Task Invoke(IIncomingGrainCallContext context) => SeeAsync(context, Incoming);

    public Task Invoke(IOutgoingGrainCallContext context) => SeeAsync(context, Outgoing);

    private async Task SeeAsync(IGrainCallContext context, ConcurrentQueue<string> seen)
    {
        if (!context.TargetId.Type.ToString()!.StartsWith("test.watched", StringComparison.Ordinal))
        {
            await context.Invoke();
            return;
        }

        var call = $"{context.TargetId.Key} {context.InterfaceMethod.Name}({(context.Request.GetArgumentCount() > 0 ? context.Request.GetArgument(0) : "")})";
        try
        {
            await context.Invoke();
            seen.Enqueue($"{call} = {context.Result}");
            if (Bonus > 0 && context.Result is int total)
            {
                context.Result = total + Bonus;
            }
        }
        catch (Exception exception)
        {
            seen.Enqueue($"{call} threw {exception.GetType().Name}");
            throw;
        }
    }
}
