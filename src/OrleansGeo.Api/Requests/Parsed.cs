using System.Diagnostics.CodeAnalysis;
using OrleansGeo.Api.Errors;

namespace OrleansGeo.Api.Requests;

/// <summary>What a part of a request says, or the problem with it.</summary>
internal readonly struct Parsed<T>
{
    private readonly T? _value;
    private readonly Problem? _problem;

    public Parsed(T value) => _value = value;

    public Parsed(Problem problem) => _problem = problem;

    public bool TryGet([NotNullWhen(true)] out T? value, [NotNullWhen(false)] out Problem? problem)
    {
        (value, problem) = (_value, _problem);
        return problem is null;
    }
}
