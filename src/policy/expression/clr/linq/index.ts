import { declareType, type TypeDeclaration } from "../declare.ts";
import { elementMembers } from "./element.ts";
import { groupMembers, groupTypes } from "./group.ts";
import { materializeMembers } from "./materialize.ts";
import { numberMembers } from "./number.ts";
import { orderMembers, orderTypes } from "./order.ts";
import { partitionMembers } from "./partition.ts";
import { projectMembers } from "./project.ts";
import { quantifyMembers } from "./quantify.ts";
import { setMembers } from "./set.ts";

/** System.Linq: Enumerable and the interfaces that its methods return. */
export const declarations: TypeDeclaration[] = [
  declareType({
    name: "System.Linq.Enumerable",
    kind: "static",
    members: {
      ...projectMembers,
      ...partitionMembers,
      ...elementMembers,
      ...quantifyMembers,
      ...numberMembers,
      ...setMembers,
      ...groupMembers,
      ...orderMembers,
      ...materializeMembers,
    },
  }),
  ...groupTypes,
  ...orderTypes,
];
