namespace OrleansGeo.Simulation;

/// <summary>A checker found an invariant broken.</summary>
internal sealed class SimViolation(string message) : Exception(message)
{
    public static void Unless(bool condition, string message)
    {
        if (!condition)
        {
            throw new SimViolation(message);
        }
    }
}
