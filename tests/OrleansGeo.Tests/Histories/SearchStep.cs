using System.Collections.Immutable;

namespace OrleansGeo.Tests.Histories;

/// <summary>A configuration and how the search came to it.</summary>
internal sealed class SearchStep<TState>(SearchStep<TState>? parent, int operation, in Configuration<TState> configuration)
    where TState : struct, IEquatable<TState>
{
    public SearchStep<TState>? Parent => parent;

    public Configuration<TState> At { get; } = configuration;

    /// <summary>How many of the operations under way were tried as the next.</summary>
    public int Tried { get; set; }

    public ImmutableArray<int> Path()
    {
        var path = ImmutableArray.CreateBuilder<int>();
        for (var step = this; step.Parent is { } before; step = before)
        {
            path.Add(step.Operation);
        }

        path.Reverse();
        return path.ToImmutable();
    }

    private int Operation => operation;
}
