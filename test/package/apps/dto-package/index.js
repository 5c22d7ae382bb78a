exports.ResizeDto = class ResizeDto {};
