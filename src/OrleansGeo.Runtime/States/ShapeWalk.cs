namespace OrleansGeo.Runtime.States;

/// <summary>Goes through the types that a state is made of, each once.</summary>
internal abstract class ShapeWalk
{
    private readonly HashSet<Type> _visited = [];
    private readonly HashSet<Type> _above = [];
    private readonly List<ShapeProblem> _problems = [];

    public IReadOnlyList<ShapeProblem> Problems => _problems;

    public bool IsProven { get; private set; } = true;

    public void Visit(Type type, string path)
    {
        if (StateTypes.IsLeaf(type))
        {
            return;
        }

        if (!_visited.Add(type))
        {
            // What contains itself may be deeper than a format allows, which a look at types does not see.
            if (IsBoundedInDepth && _above.Contains(type))
            {
                Doubt();
            }

            return;
        }

        _above.Add(type);
        LookAt(type, path);
        _above.Remove(type);
    }

    /// <summary>The format refuses what is deeper than a limit.</summary>
    protected abstract bool IsBoundedInDepth { get; }

    protected abstract void Look(Type type, string path);

    protected void Add(string path, string text) => _problems.Add(new(path, text));

    /// <summary>Whether all is kept depends on the value.</summary>
    protected void Doubt() => IsProven = false;

    protected void VisitParts(Type type, string path)
    {
        foreach (var part in StateTypes.PartsOf(type))
        {
            Visit(part, path);
        }
    }

    private void LookAt(Type type, string path)
    {
        if (type.IsGenericParameter)
        {
            Doubt();
        }
        else if (StateTypes.IsBoundToProcess(type))
        {
            Add(path, $"it is a {type}, which lives in one process and cannot be kept. Mark it [NonSerialized] ([field: NonSerialized] on a property), or keep what it is made from.");
        }
        else
        {
            Look(type, path);
        }
    }
}
