export {problemKinds as problemTexts} from '../../data/check/problem-kinds.js';
