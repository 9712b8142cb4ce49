namespace OrleansGeo.Tests.Routing;

/// <summary>A user's object that is a filter of its own calls. Tests make it; it is never activated.</summary>
[GrainType("test.filtered")]
public sealed class Filtered(List<string> seen) : IFiltered, IIncomingGrainCallFilter
{
    public Task Invoke(IIncomingGrainCallContext context)
    {
        seen.Add($"own {context.MethodName}");
        return context.Invoke();
    }

    public Task<int> Do(string text)
    {
        seen.Add($"method {text}");
        return text == "throw" ? throw new InvalidTimeZoneException("as asked") : Task.FromResult(7);
    }
}
