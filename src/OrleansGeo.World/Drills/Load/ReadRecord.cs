using OrleansGeo.World.Drills.Calls;

namespace OrleansGeo.World.Drills.Load;

/// <summary>One read of the load.</summary>
/// <param name="Target">The entity.</param>
/// <param name="Through">The index of the region.</param>
/// <param name="IsStrong">Strong, else local.</param>
/// <param name="Call">The answer.</param>
/// <param name="WentBack">It showed an older version than the same reader had seen before.</param>
internal sealed record ReadRecord(DrillTarget Target, int Through, bool IsStrong, CallResult Call, bool WentBack);
