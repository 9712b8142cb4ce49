using System.Collections.Concurrent;
using OrleansGeo.Protocol.Types;
using OrleansGeo.Runtime.Errors;

namespace OrleansGeo.Runtime.Types;

/// <summary>Which geo grain types this silo may serve: those that the world has recorded as this silo declares them. Once served, always.</summary>
/// <remarks>A generic class declares one type, by its definition; its activations are of types with arguments, whose choices are those of the definition.</remarks>
internal sealed class TypeStandings(TimeProvider time)
{
    /// <summary>How long an activation waits for its type to be recorded, before its caller is told to try again.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<string, TaskCompletionSource> _types = new(StringComparer.Ordinal);

    public void Serve(IEnumerable<TypeChoices> types)
    {
        foreach (var choices in types)
        {
            Of(choices.Type).TrySetResult();
        }
    }

    /// <summary>The world has other choices of this type: it is never served here.</summary>
    public void Refuse(string type, GeoError because)
    {
        var standing = Of(type);
        standing.TrySetException(because.ToException());

        // Nobody may ask any more.
        _ = standing.Task.Exception;
    }

    public bool IsServed(GrainType type) => _types.TryGetValue(DefinitionOf(type), out var standing) && standing.Task.IsCompletedSuccessfully;

    /// <summary>Completes when the type may be served.</summary>
    /// <exception cref="GeoException">It may not, ever.</exception>
    /// <exception cref="TypeNotServedException">It is not recorded yet: nothing happened, and the caller may try again.</exception>
    public async Task WhenServedAsync(GrainType type, CancellationToken cancellationToken)
    {
        try
        {
            await Of(DefinitionOf(type)).Task.WaitAsync(LongestWait, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            throw new TypeNotServedException(type);
        }
    }

    private static string DefinitionOf(GrainType type) =>
        (GenericGrainType.TryParse(type, out var generic) && generic.IsConstructed ? generic.GetUnconstructedGrainType().GrainType : type).ToString()!;

    private TaskCompletionSource Of(string type) => _types.GetOrAdd(type, static _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
}
