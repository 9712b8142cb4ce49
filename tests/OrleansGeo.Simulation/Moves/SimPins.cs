namespace OrleansGeo.Simulation.Moves;

/// <summary>Where a caller takes entities to be: where their keys say, until it is redirected. It may forget, and be redirected again.</summary>
internal sealed class SimPins(SimWorld world)
{
    private readonly Dictionary<string, EntityPlace> _moved = [];

    public EntityPlace Find(string entity) => _moved.TryGetValue(entity, out var place) ? place : new(world.ShardOfKey(entity));

    /// <returns>Whether it was news.</returns>
    public bool Learn(string entity, EntityPlace place)
    {
        if (place.Generation <= Find(entity).Generation)
        {
            return false;
        }

        _moved[entity] = place;
        return true;
    }

    public void Forget() => _moved.Clear();
}
