using Microsoft.Extensions.DependencyInjection;

namespace OrleansGeo.Runtime.Filters;

/// <summary>
/// The host's call filters. Orleans would run them around every message that the router sends, of which they could make nothing; so Orleans is given ones that let those pass, and
/// the router and the gate run the filters around the user's call.
/// </summary>
/// <remarks>Looked up when they are first asked for, because a host may add filters after OrleansGeo. Without any there is nothing that Orleans could run, and nothing is paid.</remarks>
/// <param name="registered">What the host's container is built from.</param>
/// <param name="services">The container.</param>
internal sealed class CallFilters(IServiceCollection registered, IServiceProvider services) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly List<IDisposable> _made = [];
    private IIncomingGrainCallFilter[]? _incoming;
    private IOutgoingGrainCallFilter[]? _outgoing;

    /// <summary>Run by the gate around each execution of a user's method.</summary>
    public IIncomingGrainCallFilter[] Incoming => _incoming ?? Find(ref _incoming);

    /// <summary>Run by the router around each call.</summary>
    public IOutgoingGrainCallFilter[] Outgoing => _outgoing ?? Find(ref _outgoing);

    /// <summary>Whether there are any of either kind; asks without making them.</summary>
    public bool Any { get; } = registered.Any(static descriptor =>
        descriptor.ServiceType == typeof(IIncomingGrainCallFilter) || descriptor.ServiceType == typeof(IOutgoingGrainCallFilter));

    public void Dispose()
    {
        foreach (var filter in _made)
        {
            filter.Dispose();
        }
    }

    private TFilter[] Find<TFilter>(ref TFilter[]? found)
        where TFilter : class
    {
        lock (_lock)
        {
            return found ??= [.. registered.Where(static descriptor => descriptor.ServiceType == typeof(TFilter) && !descriptor.IsKeyedService).Select(Make<TFilter>)];
        }
    }

    private TFilter Make<TFilter>(ServiceDescriptor descriptor)
    {
        if (descriptor.ImplementationInstance is { } instance)
        {
            return (TFilter)instance;
        }

        var made = descriptor.ImplementationFactory?.Invoke(services) ?? ActivatorUtilities.CreateInstance(services, descriptor.ImplementationType!);
        if (made is IDisposable disposable)
        {
            _made.Add(disposable);
        }

        return (TFilter)made;
    }
}
