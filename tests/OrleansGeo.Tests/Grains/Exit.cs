namespace OrleansGeo.Tests.Grains;

/// <summary>Ways in which a call leaves a method.</summary>
[GenerateSerializer]
[Alias("test.exit")]
public enum Exit
{
    Awaited,
    AfterConfigureAwaitFalse,
    InTaskRun,
    InThreadPool,
    InThreadingTimer,
    OneWay,
    OneWayInTaskRun,
    ToGeoGrain,
    ToGeoGrainInTaskRun,
    ToGeoGrainOneWayAfterConfigureAwaitFalse,
    ReadOfGeoGrainInTaskRun,
    Extension,
    ExtensionInTaskRun,
    OneWayToExtension,
    Enumeration,
    Observer,
    EndOfEnumeration,
}
