namespace OrleansGeo.Tests.Routing;

/// <summary>Notes calls to ledgers and messengers, and changes some of them.</summary>
public sealed class OutgoingSpy(SeenCalls seen) : IOutgoingGrainCallFilter
{
    public async Task Invoke(IOutgoingGrainCallContext context)
    {
        if (context.InterfaceName is not ("OrleansGeo.Tests.Worlds.ILedger" or "OrleansGeo.Tests.Routing.IMessenger" or "OrleansGeo.Tests.Routing.IErrand"))
        {
            await context.Invoke();
            return;
        }

        if (context.MethodName == "Append" && context.Request.GetArgument(0) is "changed on the way")
        {
            context.Request.SetArgument(0, "changed");
        }

        try
        {
            await context.Invoke();
            seen.Calls.Enqueue($"{context.MethodName} {context.TargetId.Key} {(context.Result is Array lines ? lines.Length : context.Result)}");
            if (context.Result is int)
            {
                context.Result = (int)context.Result! + 1000;
            }
        }
        catch (Exception exception)
        {
            seen.Calls.Enqueue($"{context.MethodName} {context.TargetId.Key} {exception.GetType().Name}");
            throw;
        }
    }
}
